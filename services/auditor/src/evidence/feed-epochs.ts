import { splitCompact } from '@entente/seal';
import type { Direction } from '../source.js';
import type { Scene } from './evidence.js';

/** One feed through all its epochs, the oldest first. */
export interface FeedEpochs {
  peer: string;
  direction: Direction;
  /** `resumed`: what the next one says of its end. */
  epochs: { epoch: number; resumed?: { last: number; chain: string } }[];
}

/** Every feed of the node. Of outgoing ones the node knows the epochs; of an incoming one the first page of each epoch names the one before. */
export async function* feedEpochs(scene: Scene): AsyncGenerator<FeedEpochs> {
  for (const peer of scene.identity.peers.keys()) {
    yield { peer, direction: 'out', epochs: scene.epochs.map(({ epoch }) => ({ epoch })) };
    yield { peer, direction: 'in', epochs: await epochsBack(scene, peer) };
  }
}

async function epochsBack({ source }: Scene, peer: string): Promise<FeedEpochs['epochs']> {
  const epochs: FeedEpochs['epochs'] = [];
  let resumed: { last: number; chain: string } | undefined;
  for (let epoch: number | undefined; ; ) {
    const first = await firstPage(source, peer, epoch);
    // A page is verified where it is followed: here it only says where to look.
    const said: Said | undefined = first === undefined ? undefined : (splitCompact(first).payload() as unknown as Said);
    const known = epoch ?? said?.epoch;
    if (known === undefined) return epochs;
    epochs.unshift({ epoch: known, ...(resumed === undefined ? {} : { resumed }) });
    const before: Said['resumes'] = said?.resumes;
    if (before === undefined || !Number.isSafeInteger(before.epoch) || before.epoch >= known || before.epoch < 1) return epochs;
    [epoch, resumed] = [before.epoch, { last: before.last, chain: before.chain }];
  }
}

interface Said {
  epoch: number;
  resumes?: { epoch: number; last: number; chain: string };
}

async function firstPage(source: Scene['source'], peer: string, epoch: number | undefined): Promise<string | undefined> {
  for await (const pages of source.pages({ peer, direction: 'in', ...(epoch === undefined ? {} : { epoch }) })) return pages[0]?.jws;
  return undefined;
}
