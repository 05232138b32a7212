import type { Store } from '@entente/store';
import type { Logger } from 'pino';

/** Strangers at the federation listener: counted, one entry of the access log per minute and cause. */
export function countRefusals(store: Pick<Store, 'commit'>, logger: Logger): (cause: string) => void {
  const counts = new Map<string, number>();
  async function record(cause: string): Promise<void> {
    const object = `federation listener: ${counts.get(cause)} within a minute`;
    counts.delete(cause);
    await store.commit({ access: [{ actor: 'unknown', role: 'none', operation: 'REFUSED', object, code: cause }] });
  }
  return (cause) => {
    const count = (counts.get(cause) ?? 0) + 1;
    counts.set(cause, count);
    if (count > 1) return;
    const lost = (error: unknown) => logger.error({ reason: (error as Error).message }, 'refused strangers could not be logged');
    setTimeout(() => void record(cause).catch(lost), 60_000).unref();
  };
}
