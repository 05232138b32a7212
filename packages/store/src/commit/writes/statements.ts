import type pg from 'pg';
import type { Act, NewContent, NewStatement } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { content, contentName, statement, statementName, token } from '../../tables/statement.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertNames = inserter(statementName);
const insertStatements = inserter(statement);
const insertContentNames = inserter(contentName);
const insertContents = inserter(content);
const insertTokens = inserter(token);

/** What is there already, of what the acts name. */
interface Known {
  /** Position by digest. */
  statements: Map<string, number>;
  /** Digest by issuer and jti. */
  names: Map<string, string>;
  contents: Set<string>;
}

// OFFSET 0 keeps the planner to one look into the index per name, however many names there are.
const knownText = `
  SELECT digest, iss, jti, position FROM statement_name WHERE digest = ANY ($1::bytea[])
  UNION ALL SELECT s.* FROM unnest($2::text[], $3::text[]) AS n (iss, jti), LATERAL (
    SELECT digest, iss, jti, position FROM statement_name s WHERE s.iss = n.iss AND s.jti = n.jti OFFSET 0) AS s
  UNION ALL SELECT ref, NULL, NULL, position FROM content_name WHERE ref = ANY ($4::bytea[])`;

const nameOf = (iss: string, jti: string) => `${jti} ${iss}`;
const bytesOf = (digest: string) => Buffer.from(digest, 'base64url');

async function readKnown(client: pg.ClientBase, acts: readonly Act[]): Promise<Known> {
  const statements = acts.flatMap((act) => act.statements ?? []);
  const contents = acts.flatMap((act) => act.contents ?? []);
  const values = [
    [...statements.map((s) => s.digest), ...contents.map((c) => c.statement)].map(bytesOf),
    statements.map((s) => s.iss),
    statements.map((s) => s.jti),
    contents.map((c) => bytesOf(c.ref)),
  ];
  const known: Known = { statements: new Map(), names: new Map(), contents: new Set() };
  type Row = { digest: Buffer; iss: string | null; jti: string; position: number };
  const { rows } = await client.query<Row>({ name: 'known statements', text: knownText, values });
  for (const row of rows) {
    const digest = row.digest.toString('base64url');
    if (row.iss === null) known.contents.add(digest);
    else {
      known.statements.set(digest, row.position);
      known.names.set(nameOf(row.iss, row.jti), digest);
    }
  }
  return known;
}

class StatementWriter implements Writer<Act> {
  readonly #names: (typeof statementName.$inferInsert)[] = [];
  readonly #statements: (typeof statement.$inferInsert)[] = [];
  readonly #contentNames: (typeof contentName.$inferInsert)[] = [];
  readonly #contents: (typeof content.$inferInsert)[] = [];
  readonly #tokens: (typeof token.$inferInsert)[] = [];

  constructor(readonly known: Known) {}

  add(act: Act, plan: Plan): void {
    for (const item of act.statements ?? []) this.#addStatement(item, plan);
    for (const item of act.contents ?? []) this.#addContent(item, plan);
  }

  #addStatement(item: NewStatement, plan: Plan): void {
    const { digest, iss, jti } = item;
    const holder = this.known.names.get(nameOf(iss, jti));
    if (holder !== undefined && holder !== digest) throw new StoreError('jti_reused', `${iss} has another statement with the jti ${jti}`);
    if (this.known.statements.has(digest)) return;
    const position = plan.nextRecord();
    this.known.statements.set(digest, position);
    this.known.names.set(nameOf(iss, jti), digest);
    this.#names.push({ digest, iss, jti, position });
    this.#statements.push({ secondOfficer: false, ...item, position, storedAt: plan.at });
    if (item.own) plan.leaf(leafOf.issued(item));
  }

  #addContent({ ref, statement, sealed, tokens, expiresAt, reviewAt, waitsFor }: NewContent, plan: Plan): void {
    if (this.known.contents.has(ref)) return;
    const statementPosition = this.known.statements.get(statement);
    if (statementPosition === undefined) throw new StoreError('unknown_reference', `there is no statement ${statement}`);
    const position = plan.nextRecord();
    this.known.contents.add(ref);
    this.#contentNames.push({ ref, statement, position, expiresAt, reviewAt, waitsFor });
    const found = distinct(tokens);
    this.#contents.push({ position, ref, ...sealed, waitingTokens: waitsFor === undefined ? null : found });
    if (waitsFor === undefined)
      for (const value of found) this.#tokens.push({ position: statementPosition, token: value, content: position });
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertNames(this.#names);
    yield* insertStatements(this.#statements);
    yield* insertContentNames(this.#contentNames);
    yield* insertContents(this.#contents);
    yield* insertTokens(this.#tokens);
  }
}

export function distinct(tokens: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(tokens.map((value) => [Buffer.from(value).toString('latin1'), value])).values()];
}

export const statements: Group<Act> = {
  uses: (act) => act.statements !== undefined || act.contents !== undefined,
  open: async (client, acts) => {
    const known = await readKnown(client, acts);
    return () =>
      new StatementWriter({ statements: new Map(known.statements), names: new Map(known.names), contents: new Set(known.contents) });
  },
};
