/** The audit API: what proves the past of this node. Headers, signatures, hashes and the node's own access log; never content. */
import type { Store } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { CheckpointActs, Self } from '../agency/acts.js';
import type { App } from '../http/listener.js';
import { checkpointRoutes } from './checkpoints.js';
import { completenessRoutes } from './completeness.js';
import { entryRoutes } from './entries.js';
import { epochRoutes } from './epochs.js';
import { feedRoutes } from './feeds.js';
import { identityRoutes } from './identity.js';
import { proofRoutes } from './proofs.js';
import { signedRoutes } from './signed.js';
import { tlogRoutes } from './tlog.js';
import { trailRoutes } from './trail.js';

/** In a scope of its own: every read in it goes into the access log before it is answered. */
export function auditRoutes(app: App, deps: { store: Store; self: Self; checkpoints: CheckpointActs }): void {
  const { store } = deps;
  app.addHook('preHandler', async (request) => {
    await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: `${request.method} ${request.url.slice(0, 500)}` })] });
  });
  identityRoutes(app, deps);
  epochRoutes(app, { store });
  checkpointRoutes(app, { store });
  tlogRoutes(app, { store });
  completenessRoutes(app, { store });
  entryRoutes(app, { store });
  signedRoutes(app, { store });
  trailRoutes(app, { store });
  feedRoutes(app, { store });
  proofRoutes(app, { store });
}
