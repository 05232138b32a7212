/** When the clock ends a content: classes of retention are data, the list `retention-class`. docs/protocol.md section 11. */
import { type Handling, retentionTerm } from '@entente/statement';
import type { NewContent, Store } from '@entente/store';
import type { Logger } from 'pino';
import { nodeEntry } from './node-actor.js';

const AT_ONCE = 100;

/**
 * The clock starts at entry, not at the last access. What came is kept as long as its release says, what is this node's own as long as
 * its class says.
 *
 * @param entry seconds since the epoch
 */
export function retentionOf(handling: Handling, entry: number, retainUntil?: number | null): Pick<NewContent, 'expiresAt' | 'reviewAt'> {
  const { maximum, review } = retentionTerm(handling.retention_class);
  const expiresAt = retainUntil ?? (maximum === undefined ? undefined : entry + maximum);
  return {
    ...(expiresAt !== undefined && { expiresAt }),
    ...(review !== undefined && { reviewAt: entry + review }),
  };
}

/** Destroys what has expired, unless a legal hold keeps it; the number of contents. */
export async function eraseExpired(deps: { store: Pick<Store, 'expired' | 'commit'>; now: () => number; logger: Logger }): Promise<number> {
  let erased = 0;
  for (;;) {
    const refs = await deps.store.expired(deps.now(), AT_ONCE);
    if (refs.length === 0) break;
    await deps.store.commit({
      erasures: refs.map((ref) => ({ ref })),
      access: refs.map((ref) => nodeEntry('ERASE', { object: ref, code: 'expired' })),
    });
    erased += refs.length;
  }
  if (erased > 0) deps.logger.info({ erased }, 'contents were destroyed at the end of their retention');
  return erased;
}
