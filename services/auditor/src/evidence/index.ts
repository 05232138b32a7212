import { agreementActs, agreements } from './agreement.js';
import type { Evidence } from './evidence.js';
import { pages } from './page.js';
import { peers } from './peer.js';
import { receipts } from './receipt.js';
import { releases } from './release.js';
import { statements } from './statement.js';
import { voids } from './void.js';

/** Everything that leaves of the exchange log speak of. Voids come before pages: a voided position is not an open one. */
// biome-ignore lint/suspicious/noExplicitAny: each row is closed over its own kind of object
export const evidence: readonly Evidence<any>[] = [peers, agreements, agreementActs, statements, releases, receipts, voids, pages];
