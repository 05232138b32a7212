import type pg from 'pg';
import type { Act, Committed } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { offer, release } from '../../tables/outgoing.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertReleases = inserter(release);
const insertOffers = inserter(offer);

class ReleaseWriter implements Writer<Act> {
  readonly #releases: (typeof release.$inferInsert)[] = [];
  readonly #offers: (typeof offer.$inferInsert)[] = [];

  add(act: Act, plan: Plan, committed: Committed): void {
    for (const item of act.releases ?? []) {
      const { to: peer, by, digest, ...rest } = item;
      const { epoch, position, chain } = plan.appendToFeed(peer, digest);
      const link = Buffer.from(chain).toString('base64url');
      this.#releases.push({ secondOfficer: false, ...rest, peer, digest, epoch, position, chain: link, releasedBy: by });
      this.#offers.push({ ...rest, peer, digest, epoch, position, record: plan.nextRecord(), state: 'queued' });
      committed.releases.push({ to: peer, digest, epoch, position });
      plan.leaf(leafOf.released(item, position));
      plan.notify('feed', peer);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertReleases(this.#releases);
    yield* insertOffers(this.#offers);
  }
}

export const releases: Group<Act> = {
  uses: (act) => act.releases !== undefined,
  open: async () => () => new ReleaseWriter(),
};
