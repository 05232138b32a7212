import type pg from 'pg';
import { StoreError } from '../error.js';
import { type HappeningPlace, happeningCursor, happeningPlace } from '../happening-cursor.js';
import type { Happening } from '../records.js';
import type { Subscriptions } from '../store.js';

/** Past every item of a record: a receipt names far fewer. The largest that the column `after_item` of a webhook holds. */
const whole = 0x7fff_ffff;

interface Row {
  record: number;
  event: string;
  peer: string;
  kind: string | null;
  release: Buffer | null;
  statement: Buffer | null;
  code: string | null;
  at: number;
  items: ReceiptItem[] | null;
}
interface ReceiptItem {
  release: string;
  verdict: string;
  code?: string;
}

/**
 * Everything that happened is a record, and records have their positions under one lock: whoever has seen one has seen all before it.
 * One statement, so that the parts are of one moment.
 */
const recordsText = `
  SELECT * FROM (
    (SELECT position AS record, CASE verdict WHEN 'held' THEN 'inbox.new' ELSE 'quarantine.new' END AS event, peer, kind,
        digest::bytea AS release, statement::bytea AS statement, code, received_at AS at, NULL::json AS items
      FROM received WHERE position >= $1 AND verdict <> 'refused' ORDER BY position LIMIT $2)
    UNION ALL
    (SELECT o.record, 'statement.released', o.peer, o.kind, o.digest, o.statement, NULL, r.iat, NULL
      FROM offer o JOIN release r ON r.peer = o.peer AND r.epoch = o.epoch AND r.position = o.position
      WHERE o.record >= $1 ORDER BY o.record LIMIT $2)
    UNION ALL
    (SELECT position, 'receipt', peer, NULL, NULL, NULL, NULL, at, items FROM receipt_held WHERE position >= $1 ORDER BY position LIMIT $2)
    UNION ALL
    (SELECT position, event, peer, kind, release, statement, code, at, NULL FROM notice WHERE position >= $1 ORDER BY position LIMIT $2)
  ) AS records ORDER BY record LIMIT $2`;

const offersText = `SELECT peer, digest, kind, statement FROM offer
  WHERE (peer, digest) IN (SELECT * FROM unnest($1::text[], $2::bytea[]))`;

const told: Readonly<Record<string, string>> = { held: 'release.held', refused: 'release.refused' };

export function readHappenings(pool: pg.Pool): Pick<Subscriptions, 'happenings' | 'happeningsFrom'> {
  async function records(from: number, limit: number): Promise<Row[]> {
    return (await pool.query<Row>({ name: 'happenings', text: recordsText, values: [from, limit] })).rows;
  }
  return {
    happeningsFrom: async (after) => {
      const { rows } = await pool.query<{ size: number }>('SELECT size FROM head WHERE rank = 1');
      const latest = { record: rows[0]?.size ?? 0, item: whole };
      if (after === undefined) return happeningCursor(latest);
      if (happeningPlace(after).record > latest.record) throw new StoreError('bad_cursor', 'this position is not reached here');
      return after;
    },
    happenings: async ({ after, limit }) => {
      const place = happeningPlace(after);
      const rows = await records(place.record, limit + 1);
      const offers = await offersNamed(pool, rows);
      const all = rows.flatMap((row) => happeningsOf(row, offers));
      const last = rows.at(-1);
      return {
        items: all
          .filter((one) => isAfter(one.place, place))
          .map(({ place: at, happening }) => ({ ...happening, cursor: happeningCursor(at) })),
        next: last === undefined || last.record <= place.record ? after : happeningCursor({ record: last.record, item: whole }),
      };
    },
  };
}

const isAfter = (one: HappeningPlace, other: HappeningPlace) =>
  one.record > other.record || (one.record === other.record && one.item > other.item);

type Placed = { place: HappeningPlace; happening: Omit<Happening, 'cursor'> };

/** A receipt stands for one happening per release that it judges; what it says of releases that were never sent is nothing. */
function happeningsOf(row: Row, offers: Map<string, Pick<Row, 'kind' | 'statement'>>): Placed[] {
  const { record, peer, at } = row;
  if (row.items === null) {
    const happening = { event: row.event, peer, at, ...named(row.kind, row.release, row.statement, row.code) };
    return [{ place: { record, item: 1 }, happening }];
  }
  return row.items.flatMap(({ release, verdict, code }, i) => {
    const offer = offers.get(`${release} ${peer}`);
    const event = told[verdict];
    if (offer === undefined || event === undefined) return [];
    const happening = { event, peer, at, ...named(offer.kind, Buffer.from(release, 'base64url'), offer.statement, code ?? null) };
    return [{ place: { record, item: i + 1 }, happening }];
  });
}

function named(kind: string | null, release: Buffer | null, statement: Buffer | null, code: string | null) {
  return {
    ...(kind !== null && { kind }),
    ...(release !== null && { release: release.toString('base64url') }),
    ...(statement !== null && { statement: statement.toString('base64url') }),
    ...(code !== null && { code }),
  };
}

async function offersNamed(pool: pg.Pool, rows: readonly Row[]): Promise<Map<string, Pick<Row, 'kind' | 'statement'>>> {
  const named = rows.flatMap(({ peer, items }) => (items ?? []).map(({ release }) => ({ peer, release })));
  if (named.length === 0) return new Map();
  const values = [named.map((one) => one.peer), named.map((one) => Buffer.from(one.release, 'base64url'))];
  const answer = await pool.query<{ peer: string; digest: Buffer; kind: string; statement: Buffer }>({
    name: 'offers of receipts',
    text: offersText,
    values,
  });
  return new Map(answer.rows.map(({ peer, digest, kind, statement }) => [`${digest.toString('base64url')} ${peer}`, { kind, statement }]));
}
