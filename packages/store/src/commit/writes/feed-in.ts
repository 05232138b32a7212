import type pg from 'pg';
import type { Act, PageIn } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { pageIn } from '../../tables/incoming.js';
import { voidIn } from '../../tables/outgoing.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertPages = inserter(pageIn, 'ON CONFLICT (peer, epoch, first, digest) DO NOTHING');
const insertVoids = inserter(voidIn, 'ON CONFLICT (peer, epoch, position) DO NOTHING');

/** An entry whose release or void came before its page is settled from the start, and the release is marked as paged. */
const entriesText = `
  WITH entry AS (
    SELECT e.*, EXISTS (SELECT FROM inbox i WHERE i.peer = e.peer AND i.digest = e.digest) AS arrived,
      EXISTS (SELECT FROM void_in v WHERE v.peer = e.peer AND v.epoch = e.epoch AND v.position = e.position) AS void
    FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bytea[], $5::text[]) AS e (peer, epoch, position, digest, kind)
  ), marked AS (
    UPDATE inbox i SET paged = true FROM entry e WHERE e.arrived AND i.peer = e.peer AND i.digest = e.digest
  )
  INSERT INTO page_entry (peer, epoch, position, digest, kind, at, settled)
  SELECT peer, epoch, position, digest, kind, $6, arrived OR void FROM entry ON CONFLICT DO NOTHING`;

const settleText = `UPDATE page_entry e SET settled = true FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS v (peer, epoch, position)
  WHERE e.peer = v.peer AND e.epoch = v.epoch AND e.position = v.position`;

class FeedInWriter implements Writer<Act> {
  readonly #pages: (PageIn & { at: number })[] = [];
  readonly #voids: (typeof voidIn.$inferInsert)[] = [];

  add(act: Act, plan: Plan): void {
    for (const page of act.pagesIn ?? []) this.#pages.push({ ...page, at: plan.at });
    for (const { from, ...item } of act.voidsIn ?? []) this.#voids.push({ peer: from, ...item, at: plan.at });
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertPages(this.#pages.map(({ from, entries: _entries, ...page }) => ({ peer: from, ...page })));
    yield* insertVoids(this.#voids);
    yield* this.#insertEntries();
    yield* this.#settleVoids();
  }

  #insertEntries(): pg.QueryConfig[] {
    const entries = this.#pages.flatMap(({ from, epoch, first, entries }) =>
      entries.map(([digest, kind], i) => ({ from, epoch, position: first + i, digest: Buffer.from(digest, 'base64url'), kind })),
    );
    if (entries.length === 0) return [];
    const columns = (['from', 'epoch', 'position', 'digest', 'kind'] as const).map((name) => entries.map((e) => e[name]));
    return [{ name: 'insert page entries', text: entriesText, values: [...columns, this.#pages[0]!.at] }];
  }

  #settleVoids(): pg.QueryConfig[] {
    if (this.#voids.length === 0) return [];
    const values = [this.#voids.map((v) => v.peer), this.#voids.map((v) => v.epoch), this.#voids.map((v) => v.position)];
    return [{ name: 'settle voids', text: settleText, values }];
  }
}

export const feedIn: Group<Act> = {
  uses: (act) => act.pagesIn !== undefined || act.voidsIn !== undefined,
  open: async () => () => new FeedInWriter(),
};
