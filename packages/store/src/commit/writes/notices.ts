import type pg from 'pg';
import type { Act, NewNotice } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { notice } from '../../tables/subscription.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertNotices = inserter(notice);
const keyOf = ({ event, peer, release, statement, code }: Omit<NewNotice, 'kind'>) => [event, release, statement, code, peer].join(' ');

class NoticeWriter implements Writer<Act> {
  readonly #rows: (typeof notice.$inferInsert)[] = [];

  constructor(readonly said: Set<string>) {}

  add(act: Act, plan: Plan): void {
    for (const item of act.notices ?? []) {
      const key = keyOf(item);
      if (this.said.has(key)) continue;
      this.said.add(key);
      this.#rows.push({ ...item, position: plan.nextRecord(), at: plan.at });
      plan.notify('notice', item.peer);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertNotices(this.#rows);
  }
}

const saidText = `SELECT n.event, n.peer, n.release, n.statement, n.code FROM notice n
  JOIN unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::text[]) AS a (event, peer, release, statement, code)
  ON n.event = a.event AND n.peer = a.peer AND n.release IS NOT DISTINCT FROM a.release
  AND n.statement IS NOT DISTINCT FROM a.statement AND n.code IS NOT DISTINCT FROM a.code`;

interface Said {
  event: string;
  peer: string;
  release: Buffer | null;
  statement: Buffer | null;
  code: string | null;
}

const bytesOf = (digest: string | undefined) => (digest === undefined ? null : Buffer.from(digest, 'base64url'));
const nameOf = (bytes: Buffer | null) => bytes?.toString('base64url');

export const notices: Group<Act> = {
  uses: (act) => act.notices !== undefined,
  open: async (client, acts) => {
    const asked = acts.flatMap((act) => act.notices ?? []);
    const [releases, statements] = [asked.map(({ release }) => bytesOf(release)), asked.map(({ statement }) => bytesOf(statement))];
    const values = [
      asked.map(({ event }) => event),
      asked.map(({ peer }) => peer),
      releases,
      statements,
      asked.map(({ code }) => code ?? null),
    ];
    const { rows } = await client.query<Said>({ name: 'said', text: saidText, values });
    const said = rows.map(({ event, peer, release, statement, code }) =>
      [event, nameOf(release), nameOf(statement), code ?? undefined, peer].join(' '),
    );
    return () => new NoticeWriter(new Set(said));
  },
};
