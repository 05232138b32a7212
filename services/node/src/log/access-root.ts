/** Once a day the root of the access log becomes a leaf of the exchange log, which partners cosign: then nobody can rewrite it. docs/protocol.md section 9. */
import type { Store } from '@entente/store';

const DAY = 86_400;

/** Of what the latest checkpoint of the access log covers; nothing on a day on which nothing was added. */
export async function anchorAccessLog(store: Pick<Store, 'latestCheckpoint' | 'latestAccessRoot' | 'commit'>, now: number): Promise<void> {
  const [checkpoint, last] = await Promise.all([store.latestCheckpoint('access'), store.latestAccessRoot()]);
  const day = Math.floor(now / DAY);
  if (!checkpoint || last?.day === day || (last?.epoch === checkpoint.epoch && last.size === checkpoint.size)) return;
  const { epoch, size, root } = checkpoint;
  await store.commit({ accessRoot: { day, epoch, size, root } });
}
