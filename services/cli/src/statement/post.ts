import { createHash, randomUUID } from 'node:crypto';
import type { StatementBody } from '../answers.js';
import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { addresseesOf, answering, draftBodyOf, readStatementFile } from './file.js';
import { findingLines, postedOutcome } from './posted.js';

export interface PostOptions extends ConnectionOptions {
  to?: string[];
  reason?: string;
  idempotencyKey?: string;
  /** Digest of the alert that this answers. */
  alert?: string;
  wide?: boolean;
}

/** `entente alert post FILE`. */
export const postStatement =
  (kind: string): Act<PostOptions> =>
  async (options, [file = '']) => {
    const read = answering(await readStatementFile(file, kind), options.alert);
    const reason = options.reason ?? read.reason;
    const body: StatementBody = {
      statement: read.statement,
      addressees: addresseesOf(options.to, read),
      ...(read.readers !== undefined && { readers: read.readers }),
      ...(reason !== undefined && { reason }),
    };
    const client = await connect(options, 'ANALYST');
    const { data } = await client.POST('/v1/statements', {
      params: { header: { 'idempotency-key': options.idempotencyKey ?? keyOf(body) } },
      body,
    });
    return postedOutcome(data as NonNullable<typeof data>, options.wide);
  };

/** `entente alert draft FILE`. */
export const draftStatement =
  (kind: string): Act<PostOptions> =>
  async (options, [file = '']) => {
    const body = draftBodyOf(answering(await readStatementFile(file, kind), options.alert), options.to);
    const client = await connect(options, 'ANALYST');
    const { data } = await client.POST('/v1/drafts', {
      params: { header: { 'idempotency-key': options.idempotencyKey ?? randomUUID() } },
      body,
    });
    return { result: { ...data }, words: [`Draft ${data?.draft}, version ${data?.version}.`, ...findingLines(data?.findings ?? [])] };
  };

/** The same post is the same key: after a broken connection the command is given again, and nobody gets it twice. */
const keyOf = (body: StatementBody): string => `post-${createHash('sha256').update(JSON.stringify(body)).digest('base64url')}`;
