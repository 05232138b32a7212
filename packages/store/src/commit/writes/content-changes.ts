import type pg from 'pg';
import type { Act, ContentChange, Digest } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { token } from '../../tables/statement.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';
import { distinct } from './statements.js';

const insertTokens = inserter(token);
const replaceText = 'SELECT replace_content($1, $2, $3, $4, $5)';
const forgetText = 'SELECT forget_attachments_of($1, $2)';
const matchedText = 'UPDATE content_name SET waits_for = NULL WHERE ref = ANY ($1::bytea[])';
const spentText = 'UPDATE content SET waiting_tokens = NULL WHERE position = ANY ($1::bigint[])';

interface Living {
  statement: Digest;
  /** Of the statement, and of the content. */
  at: number;
  position: number;
  waits: boolean;
}

const bytesOf = (digest: Digest) => Buffer.from(digest, 'base64url');

/** What was erased meanwhile is left alone. */
class ContentChangeWriter implements Writer<Act> {
  readonly #changes: (ContentChange & { position: number })[] = [];
  readonly #matched: { ref: Digest; position: number }[] = [];
  readonly #tokens: (typeof token.$inferInsert)[] = [];

  constructor(readonly living: Map<Digest, Living>) {}

  add(act: Act, plan: Plan): void {
    for (const change of act.contentChanges ?? []) {
      const content = this.living.get(change.ref);
      if (content === undefined) continue;
      content.position = plan.nextRecord();
      content.waits = false;
      this.#changes.push({ ...change, position: content.position });
      this.#find(content, change.tokens);
      if (change.erased) plan.leaf(leafOf.erased(content.statement, change.ref));
    }
    for (const { ref, tokens } of act.matched ?? []) {
      const content = this.living.get(ref);
      if (!content?.waits) continue;
      content.waits = false;
      this.#matched.push({ ref, position: content.position });
      this.#find(content, tokens);
    }
  }

  #find({ at, position }: Living, tokens: Uint8Array[]): void {
    for (const value of distinct(tokens)) this.#tokens.push({ position: at, token: value, content: position });
  }

  *queries(): Iterable<pg.QueryConfig> {
    for (const { ref, position, sealed, forgets = [] } of this.#changes) {
      const values = [bytesOf(ref), position, Buffer.from(sealed.ciphertext), Buffer.from(sealed.wrappedKey), sealed.kekId];
      yield { name: 'replace content', text: replaceText, values };
      if (forgets.length > 0)
        yield { name: 'forget attachments', text: forgetText, values: [bytesOf(ref), forgets.map((name) => Buffer.from(name))] };
    }
    yield* insertTokens(this.#tokens);
    if (this.#matched.length === 0) return;
    yield { name: 'matched', text: matchedText, values: [this.#matched.map(({ ref }) => bytesOf(ref))] };
    yield { name: 'spent', text: spentText, values: [this.#matched.map(({ position }) => position)] };
  }
}

const livingText = `SELECT c.ref, c.statement, c.position, s.position AS at, c.waits_for IS NOT NULL AS waits FROM content_name c JOIN statement_name s ON s.digest = c.statement
  WHERE c.ref = ANY ($1::bytea[]) AND c.erased_at IS NULL`;

export const contentChanges: Group<Act> = {
  uses: (act) => act.contentChanges !== undefined || act.matched !== undefined,
  open: async (client, acts) => {
    const refs = acts.flatMap((act) => [...(act.contentChanges ?? []), ...(act.matched ?? [])]).map(({ ref }) => bytesOf(ref));
    type Row = { ref: Buffer; statement: Buffer; position: number; at: number; waits: boolean };
    const { rows } = await client.query<Row>({ name: 'living contents', text: livingText, values: [refs] });
    const living = rows.map(
      ({ ref, statement, ...row }) => [ref.toString('base64url'), { ...row, statement: statement.toString('base64url') }] as const,
    );
    return () => new ContentChangeWriter(new Map(living.map(([ref, row]) => [ref, { ...row }])));
  },
};
