import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportStatements, exportTable } from '@entente/client';
import type { Act } from '../command.js';
import { CliError } from '../failure.js';
import { access, type ConnectionOptions } from '../node-connection.js';
import { type PurposeOptions, purposeHeaders } from '../purpose.js';

interface ExportOptions extends ConnectionOptions, PurposeOptions {
  format?: 'ndjson' | 'csv';
  kind?: string;
  own?: boolean;
  received?: boolean;
  originator?: string;
  since?: string;
  until?: string;
}

/** `entente export FILE`: beside the file first, and in its place when it is whole. */
export const exportToFile: Act<ExportOptions> = async (options, [file = ''], { terminal }) => {
  const headers = purposeHeaders(options);
  const why = { purpose: headers['entente-purpose'], justification: options.justification as string };
  const { url, token } = await access(options, 'ANALYST');
  const client = { baseUrl: url, token };
  const table = (options.format ?? (file.endsWith('.csv') ? 'csv' : 'ndjson')) === 'csv';
  if (table && options.kind === undefined) throw new CliError('usage', 'a table has the columns of one kind', 'Name it with --kind.');
  const filter = filterOf(options);

  let [records, left] = [0, 0];
  async function* lines(): AsyncGenerator<string> {
    const statements = exportStatements(client, why, filter);
    for (let next = await statements.next(); ; next = await statements.next()) {
      if (next.done) {
        left = next.value.left_out;
        return;
      }
      records += 1;
      if (records % 100 === 0) terminal.status(`${records} statements written`);
      yield `${JSON.stringify(next.value)}\n`;
    }
  }
  const draft = `${file}.part`;
  try {
    const source = table
      ? Readable.fromWeb((await exportTable(client, why, { ...filter, kind: options.kind as string })) as never)
      : lines();
    await pipeline(source, createWriteStream(draft, { mode: 0o600 }));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    const { code, path } = error as NodeJS.ErrnoException;
    if (path === undefined) throw error;
    throw new CliError('file_invalid', `${file} cannot be written (${code})`, 'Check the path, and who may write there.', { file });
  } finally {
    terminal.status('');
  }
  const count = table ? {} : { exported: records, left_out: left };
  const words = table
    ? [`${file}: a table of ${options.kind}.`]
    : [`${file}: ${records} statements; ${left} were not given for this purpose, or have run out.`];
  return { result: { file, ...count }, words };
};

function filterOf({ kind, own, received, originator, since, until }: ExportOptions) {
  const time = (text: string) => new Date(text).toISOString();
  return {
    ...(kind !== undefined && { kind }),
    ...((own || received) && { own: own === true }),
    ...(originator !== undefined && { originator }),
    ...(since !== undefined && { stored_from: time(since) }),
    ...(until !== undefined && { stored_until: time(until) }),
  };
}
