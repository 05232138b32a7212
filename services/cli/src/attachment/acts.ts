import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Attachment } from '../answers.js';
import type { Act } from '../command.js';
import { CliError } from '../failure.js';
import { access, type ConnectionOptions, connect } from '../node-connection.js';
import { type PurposeOptions, purposeHeaders } from '../purpose.js';
import { wholeStatement } from '../statement/show.js';
import { type Columns, listing, outline } from '../table.js';

type Options = ConnectionOptions & PurposeOptions & { wide?: boolean };

/** `entente attachment put FILE`. Read twice, never whole in memory: for its digest, and to send it. */
export const putAttachment: Act<ConnectionOptions & { type: string; title: string; class: string }> = async (options, [file = '']) => {
  const there = await stat(file).catch(() => undefined);
  if (!there?.isFile()) throw new CliError('file_missing', `there is no file ${file}`, 'Check the path.', { file });
  const sha256 = await digestOf(file);
  const { url, token } = await access(options, 'ANALYST');
  const response = await fetch(`${url}/v1/attachments/${sha256}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': options.type, 'content-length': String(there.size) },
    body: Readable.toWeb(createReadStream(file)) as never,
    duplex: 'half',
  } as RequestInit);
  await refusedUnless(response);
  const element = { id: 'A1', sha256, media_type: options.type, bytes: there.size, title: options.title, data_class: options.class };
  return { result: element, words: ['Here. A statement names it so, in `attachments`:', '', JSON.stringify(element, null, 2)] };
};

const columns: Columns<Attachment> = {
  ID: (a) => a.id,
  CLASS: (a) => a.data_class,
  TITLE: (a) => a.title,
  TYPE: (a) => a.media_type,
  BYTES: (a) => a.bytes,
  STATE: (a) => (a.code === undefined ? a.state : `${a.state} (${a.code})`),
  SHA256: (a, show) => show.digest(a.sha256),
};

/** `entente attachment list STATEMENT`. */
export const listAttachments: Act<Options> = async (options, [word = '']) => {
  const { items } = await attachmentsOf(options, word);
  return { result: { items }, words: listing(items, columns, { wide: options.wide, none: 'It names none that may be seen.' }) };
};

/** `entente attachment get STATEMENT ID`. */
export const getAttachment: Act<Options & { out: string }> = async (options, [word = '', id = '']) => {
  const { digest, items } = await attachmentsOf(options, word);
  const named = items.find((item) => item.id === id);
  if (!named)
    throw new CliError('usage', `${id} is no attachment of it that may be seen`, `There are: ${items.map((item) => item.id).join(', ')}.`);
  const { url, token } = await access(options, 'ANALYST');
  const response = await fetch(`${url}/v1/statements/${digest}/attachments/${named.sha256}`, {
    headers: { authorization: `Bearer ${token}`, ...purposeHeaders(options) },
  });
  await refusedUnless(response);
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(options.out, { flags: 'wx', mode: 0o600 }));
  if ((await digestOf(options.out)) !== named.sha256)
    throw new CliError('file_invalid', `${options.out} is not what the node promised`, 'Remove it and try again.');
  return { result: { ...named, file: options.out }, words: outline({ file: options.out, ...named }) };
};

async function attachmentsOf(options: Options, word: string): Promise<{ digest: string; items: Attachment[] }> {
  const header = purposeHeaders(options);
  const client = await connect(options, 'ANALYST');
  const digest = await wholeStatement(client, word);
  const { data } = await client.GET('/v1/statements/{digest}/attachments', { params: { path: { digest }, header } });
  return { digest, items: data?.items ?? [] };
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('base64url');
}

async function refusedUnless(response: Response): Promise<void> {
  if (response.ok) return;
  const { code = 'unexpected_answer', detail = '' } = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  throw new CliError('refused', detail || `the node answered ${response.status}`, 'See `entente attachment --help`.', { code });
}
