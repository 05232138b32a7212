import type { Act } from '../act.js';
import type { Group } from './plan.js';
import { access } from './writes/access.js';
import { accessRoots } from './writes/access-roots.js';
import { agreementActs } from './writes/agreement-acts.js';
import { agreements } from './writes/agreements.js';
import { attachments } from './writes/attachments.js';
import { contentChanges } from './writes/content-changes.js';
import { drafts } from './writes/drafts.js';
import { erasures } from './writes/erasures.js';
import { feedIn } from './writes/feed-in.js';
import { holds } from './writes/holds.js';
import { inbox } from './writes/inbox.js';
import { ownKeys } from './writes/keys.js';
import { notices } from './writes/notices.js';
import { peers } from './writes/peers.js';
import { quarantine } from './writes/quarantine.js';
import { receipts } from './writes/receipts.js';
import { receiptsHeld } from './writes/receipts-held.js';
import { received } from './writes/received.js';
import { releases } from './writes/releases.js';
import { requests } from './writes/requests.js';
import { reversals } from './writes/reversals.js';
import { shipments } from './writes/shipments.js';
import { singleReleases } from './writes/single-releases.js';
import { statements } from './writes/statements.js';
import { subjects } from './writes/subjects.js';
import { voids } from './writes/voids.js';
import { watches } from './writes/watches.js';
import { webhooks } from './writes/webhooks.js';

/** Everything that an act can hold, in the order in which its leaves are written and its rows inserted. */
export const groups: readonly Group<Act>[] = [
  peers,
  agreements,
  agreementActs,
  ownKeys,
  watches,
  singleReleases,
  statements,
  attachments,
  releases,
  received,
  receipts,
  receiptsHeld,
  reversals,
  requests,
  voids,
  feedIn,
  quarantine,
  drafts,
  shipments,
  inbox,
  notices,
  webhooks,
  holds,
  subjects,
  contentChanges,
  erasures,
  accessRoots,
  access,
];
