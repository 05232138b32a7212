import { readFile } from 'node:fs/promises';
import { type NodeClient, UnreachableError } from '@entente/client';
import type { Declared } from '../answers.js';
import type { Act } from '../command.js';
import { CliError } from '../failure.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { progressOn } from '../progress.js';
import { type Columns, listing } from '../table.js';
import { declarationFiles } from './files.js';

/** What became of a file: the node's answer, or why there is none. */
type Imported = { file: string } & (Declared | { error: { code: string; message: string } });

const columns: Columns<Imported> = {
  FILE: (i) => i.file,
  SHIPMENT: (i) => ('error' in i ? 'refused' : i.outcome.replace('_', ' ')),
  DRAFT: (i) => ('error' in i ? '' : i.draft),
  WHY: (i) =>
    'error' in i ? `${i.error.message} (${i.error.code})` : i.draft ? openFields(i) : i.reasons.map(({ reason }) => reason).join('; '),
};

const openFields = ({ open = [] }: Declared): string => (open.length > 0 ? `${open.length} fields open for an officer` : '');

/** `entente import PATH...`. One after the other: an amendment needs the declaration before it. */
export const importDeclarations: Act<ConnectionOptions & { json?: boolean }> = async (options, [paths], { terminal }) => {
  const files = await declarationFiles(paths as unknown as string[]);
  const client = await connect(options, 'ANALYST');
  const progress = progressOn(terminal, files.length);
  const imported: Imported[] = [];
  try {
    for (const file of files) {
      progress(imported.length, file);
      imported.push({ file, ...(await handIn(client, file)) });
    }
  } catch (error) {
    throw stoppedAfter(error, imported.length, files.length);
  } finally {
    terminal.status('');
  }
  const refused = imported.filter((one) => 'error' in one).length;
  const drafts = imported.filter((one) => 'draft' in one && one.draft !== undefined && one.outcome !== 'already_known').length;
  return {
    result: { files: imported, refused, drafts },
    words: [
      ...listing(imported, columns, { none: '' }),
      '',
      `${files.length} files: ${files.length - refused} taken in, ${refused} refused; ${drafts} drafts wait for an officer.`,
    ],
    exitCode: refused > 0 ? 1 : 0,
  };
};

async function handIn(client: NodeClient, file: string): Promise<Declared | { error: { code: string; message: string } }> {
  try {
    const body = await readFile(file);
    const { data } = await client.POST('/v1/declarations', {
      body: body as never,
      bodySerializer: (bytes) => bytes as unknown as string,
      headers: { 'content-type': 'application/xml' },
    });
    return data as Declared;
  } catch (error) {
    return { error: refusalOf(error) };
  }
}

/** A refusal that concerns this file alone. What would befall every further file as well is thrown on. */
function refusalOf(error: unknown): { code: string; message: string } {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof CliError && ![401, 403, 429, 503].includes(Number(error.detail.status)))
    return { code: String(error.detail.problem), message: message.replace(/^the node refused \(\w+\): /, '') };
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return { code: 'unreadable', message: `cannot be read: ${code}` };
  throw error;
}

function stoppedAfter(error: unknown, done: number, of: number): unknown {
  const advice = `${done} of ${of} files were taken in before. Give the command again: what is known already changes nothing.`;
  if (error instanceof UnreachableError) return new CliError('unreachable', error.message, advice, { url: error.url, done, of });
  if (error instanceof CliError)
    return new CliError(error.code, error.message, `${error.advice}\n  ${advice}`, { ...error.detail, done, of });
  return error;
}
