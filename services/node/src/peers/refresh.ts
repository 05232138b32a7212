import type { Logger } from 'pino';
import type { Directory } from './directory.js';

const AGAIN_MS = 1_000;

/** Reads the directory anew for whoever does not wait for it: while the database is away it is tried again. `then` sees the new one. */
export function refreshSoon(deps: { directory: Directory; logger: Logger }, then: () => unknown = () => undefined): void {
  const again = (error: Error) => {
    deps.logger.warn({ reason: error.message }, 'partners and agreements cannot be read; trying again');
    setTimeout(() => refreshSoon(deps, then), AGAIN_MS).unref();
  };
  deps.directory.refresh().then(then).catch(again);
}
