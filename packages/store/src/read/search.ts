/**
 * Search by keyed tokens and open claims, newest first. Every condition has a stream of positions in an index; the sparsest one drives,
 * the others are asked at its positions only, so that a word that stands everywhere costs one look per candidate and no scan. Work per
 * page is bounded: a page may be short and still have a next one.
 */
import { purposesOf } from '@entente/policy';
import type { Handling } from '@entente/statement';
import { and, desc, gte, inArray, lte, type SQL } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { cursorOf, positionOf } from '../cursor.js';
import type { Page, SearchCondition, SearchQuestion, StatementRecord } from '../records.js';
import type { Searching } from '../store.js';
import { statement } from '../tables/statement.js';
import { openClaims, statementColumns, statementRecord } from './statements.js';

/** Positions read from a stream at a time, and looks into the index of tokens per page. */
const block = 512;
const looksPerPage = 40_000;

interface Stream {
  /** The condition that holds at each of its positions, and needs no second look. */
  settles?: SearchCondition;
  /** At most `limit` positions below `before`, the highest first. */
  below(before: number, limit: number): Promise<number[]>;
}

export function readSearch(db: NodePgDatabase, pool: pg.Pool): Searching {
  return {
    search: async (question) => {
      const start = question.after === undefined ? Number.MAX_SAFE_INTEGER : positionOf(question.after);
      const conditions = question.conditions.flatMap(conjuncts);
      const driver = await sparsest([...conditions.map((c) => tokenStream(pool, c)), ...claimStreams(pool, question)], start);
      const open = conditions.filter((condition) => condition !== driver.settles);
      const looks = open.reduce((sum, condition) => sum + condition.flat(2).length, 1);
      const step = Math.max(8, Math.min(block, Math.floor(looksPerPage / 8 / looks)));
      return await fill(question, driver, start, step, Math.max(8 * step, Math.floor(looksPerPage / looks)), async (positions) => {
        const records = await claimed(db, question, await holding(pool, open, positions));
        return conditions.length === 0 ? records : await usable(pool, question, conditions, records);
      });
    },
    bearing: async (token, limit) => {
      const positions = await tokenStream(pool, [[[token]]]).below(Number.MAX_SAFE_INTEGER, limit);
      if (positions.length === 0) return [];
      return (
        await db.select(statementColumns).from(statement).where(inArray(statement.position, positions)).orderBy(statement.position)
      ).map(statementRecord);
    },
  };
}

async function fill(
  { limit }: SearchQuestion,
  driver: Stream,
  start: number,
  widest: number,
  most: number,
  match: (positions: number[]) => Promise<StatementRecord[]>,
): Promise<Page<StatementRecord>> {
  const items: StatementRecord[] = [];
  let before = start;
  // Where most candidates match, as many as the page holds are enough; where few do, more are looked at together.
  let step = Math.min(widest, limit + 1);
  for (let looked = 0; looked < most; ) {
    const positions = await driver.below(before, step);
    for (const record of positions.length === 0 ? [] : await match(positions)) {
      if (items.length === limit) return { items, next: cursorOf(items.at(-1)!.position) };
      items.push(record);
    }
    if (positions.length < step) return { items };
    before = positions.at(-1)!;
    looked += step;
    step = Math.min(widest, 2 * step);
  }
  return { items, next: cursorOf(before) };
}

/** One alternative whose words must all stand is as many conditions: then the rarest of the words can drive. */
const conjuncts = (condition: SearchCondition): SearchCondition[] =>
  condition.length === 1 ? condition[0]!.map((part) => [[part]]) : [condition];

/** Of each alternative the first part: every match is in the stream, and what is not one is left out when it is asked. */
function tokenStream(pool: pg.Pool, condition: SearchCondition): Stream {
  const tokens = condition.flatMap((alternative) => alternative[0]!).map((token) => Buffer.from(token));
  const text = 'SELECT token_positions AS position FROM token_positions($3, $1, $2)';
  const stream = streamOf((before, limit) => positions(pool, 'search tokens', text, [before, limit, tokens]));
  return condition.every((alternative) => alternative.length === 1) ? { ...stream, settles: condition } : stream;
}

function claimStreams(pool: pg.Pool, { kinds, originators }: SearchQuestion): Stream[] {
  const every = 'SELECT position FROM statement WHERE position < $1 ORDER BY position DESC LIMIT $2';
  return [
    ...(kinds ? [claimStream(pool, 'kind', kinds)] : []),
    ...(originators ? [claimStream(pool, 'iss', originators)] : []),
    streamOf((before, limit) => positions(pool, 'search all', every, [before, limit])),
  ];
}

/** One short walk down the index per value. */
function claimStream(pool: pg.Pool, column: 'kind' | 'iss', values: readonly string[]): Stream {
  const text = `SELECT p.position FROM unnest($3::text[]) AS v (value) CROSS JOIN LATERAL (
      SELECT s.position FROM statement s WHERE s.${column} = v.value AND s.position < $1 ORDER BY s.position DESC LIMIT $2) AS p
    ORDER BY p.position DESC LIMIT $2`;
  return streamOf((before, limit) => positions(pool, `search ${column}`, text, [before, limit, [...new Set(values)]]));
}

/** Reads a block at a time and hands it out in smaller pieces; asked with a `before` that only goes down. */
function streamOf(read: (before: number, limit: number) => Promise<number[]>): Stream {
  let ahead: number[] = [];
  let ended = false;
  return {
    below: async (before, limit) => {
      ahead = ahead.filter((position) => position < before);
      while (ahead.length < limit && !ended) {
        const more = await read(ahead.at(-1) ?? before, block);
        ended = more.length < block;
        ahead.push(...more);
      }
      return ahead.slice(0, limit);
    },
  };
}

async function positions(pool: pg.Pool, name: string, text: string, values: unknown[]): Promise<number[]> {
  const { rows } = await pool.query<{ position: number }>({ name, text, values });
  return rows.map((row) => row.position);
}

/** The stream that has the fewest positions ahead, or, where all have many, the one whose many reach the furthest. */
async function sparsest(streams: readonly Stream[], start: number): Promise<Stream> {
  let [best, reach, found] = [streams.at(-1)!, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const stream of streams) {
    const first = await stream.below(start, block);
    const depth = first.length < block ? 0 : first.at(-1)!;
    if (depth < reach || (depth === reach && first.length < found)) [best, reach, found] = [stream, depth, first.length];
  }
  return best;
}

/** Of the positions, the statements whose open claims are as asked. */
async function claimed(db: NodePgDatabase, q: SearchQuestion, positions: number[]): Promise<StatementRecord[]> {
  if (positions.length === 0) return [];
  const ranges = [
    [statement.iat, q.issued],
    [statement.validFrom, q.validFrom],
    [statement.validUntil, q.validUntil],
  ] as const;
  const conditions: (SQL | undefined)[] = [
    inArray(statement.position, positions),
    openClaims(q),
    q.kinds && inArray(statement.kind, q.kinds),
    q.originators && inArray(statement.iss, q.originators),
    ...ranges.flatMap(([column, range]) => [
      range?.from === undefined ? undefined : gte(column, range.from),
      range?.to === undefined ? undefined : lte(column, range.to),
    ]),
  ];
  const rows = await db
    .select(statementColumns)
    .from(statement)
    .where(and(...conditions))
    .orderBy(desc(statement.position));
  return rows.map(statementRecord);
}

/** Of the positions, those at which every condition holds; within the contents named, if some are. */
async function holding(
  pool: pg.Pool,
  conditions: readonly SearchCondition[],
  candidates: number[],
  contents?: number[],
): Promise<number[]> {
  let left = candidates;
  for (const condition of conditions) {
    if (left.length === 0) break;
    const rows = condition.flatMap((parts, alternative) =>
      parts.flatMap((part, i) => part.map((token) => ({ alternative, part: i, parts: parts.length, token: Buffer.from(token) }))),
    );
    left = await positions(pool, 'search held', 'SELECT token_held AS position FROM token_held($1, $2, $3, $4, $5, $6)', [
      left,
      rows.map((row) => row.alternative),
      rows.map((row) => row.part),
      rows.map((row) => row.parts),
      rows.map((row) => row.token),
      contents ?? null,
    ]);
  }
  return left;
}

/**
 * Finding by content is a use of content: it counts where the originator, or one living release of a valid statement, names the purpose
 * (and this reader, if it names any), and only within what that release disclosed.
 */
async function usable(
  pool: pg.Pool,
  { purpose, reader, now }: SearchQuestion,
  conditions: readonly SearchCondition[],
  records: StatementRecord[],
): Promise<StatementRecord[]> {
  const { rows } = await pool.query<Held>({
    name: 'search contents',
    text: contentsText,
    values: [records.map((record) => Buffer.from(record.digest, 'base64url'))],
  });
  const isUsable = ({ retain, purposes, readers }: Held) =>
    (retain ?? 0) > now && (purposes ?? []).includes(purpose) && (readers === null || readers.includes(reader));
  const found: StatementRecord[] = [];
  for (const record of records) {
    const held = rows.filter((row) => row.statement.toString('base64url') === record.digest);
    const open = held.filter((row) =>
      record.own
        ? purposesOf((record.claims as { handling: Handling }).handling).includes(purpose)
        : record.validUntil > now && isUsable(row),
    );
    const all = open.length > 0 && open.length === held.length;
    const contents = open.map((row) => row.content);
    if (all || (open.length > 0 && (await holding(pool, conditions, [record.position], contents)).length > 0)) found.push(record);
  }
  return found;
}

interface Held {
  statement: Buffer;
  content: number;
  purposes: string[] | null;
  readers: string[] | null;
  retain: number | null;
}

const contentsText = `SELECT c.statement, c.position AS content, r.purposes, r.readers, r.retain_until AS retain FROM content_name c
  LEFT JOIN inbox i ON i.digest = c.ref AND i.verdict = 'held' LEFT JOIN received r ON r.position = i.position
  WHERE c.statement = ANY ($1::bytea[]) AND c.erased_at IS NULL`;
