/** A restored node asks its peers what they hold of it, takes it back, and goes on: in the same epoch, or for a reason in a new one. docs/protocol.md section 9.5. */
import { closeUntilRecovered, openStore, pendingRestoration, recover, type Store } from '@entente/store';
import { readSecret } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { loadContentKeys } from '../content-keys.js';
import { dial } from '../federation/dial.js';
import { type Identity, loadIdentity } from '../identity.js';
import { type Directory, openDirectory } from '../peers/directory.js';
import { askPeers, type Heard } from './ask-peers.js';
import { type BroughtBack, bringBack, gatherParts, type Parts } from './bring-back.js';
import { bringBackAgreements } from './bring-back-agreements.js';
import { outcomeOf } from './outcome.js';
import { publishLog, requirePublishable } from './publish-log.js';
import { ownKeys } from './standing.js';

export interface RecoveredNode {
  outcome: 'same_epoch' | 'new_epoch';
  epoch: number;
  heard: Heard;
  back: BroughtBack[];
}

export interface RecoverRequest {
  /** An officer's reason to go on in a new epoch. Partners are told. */
  reason?: string;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  say: (line: string) => void;
}

/** How far the clocks of two nodes may differ, seconds: so much more is asked for than the time of the backup says. */
const CLOCKS = 86_400;

/** @throws RecoveryRefused and StoreError */
export async function recoverNode(config: Config, request: RecoverRequest): Promise<RecoveredNode> {
  const { now, random, say, reason } = request;
  const url = readSecret(config.database.url_file);
  const identity = loadIdentity(config, now);
  const store = await openStore({ url, applicationName: 'entente-recover', poolSize: 2, now, random });
  try {
    const directory = await openDirectory(store, identity.id);
    const before = await store.log('exchange');
    const feeds = new Map(await Promise.all(directory.active().map(async ({ id }) => [id, await store.feed(id)] as const)));
    say('asking the partners what they hold of this node');
    const heard = await askPeers({ store, identity, tls: identity.tls }, directory.active());
    const pending = await pendingRestoration(url);
    const outcome = outcomeOf({ restoration: pending, heard, reason });
    if (outcome === 'new_epoch') await requirePublishable(config.entity_configuration_file, identity);
    const restoration = pending ?? (await closeUntilRecovered(ownerUrl(config), now()));
    const { epoch } = await recover({
      url,
      now: now(),
      random,
      findings: heard,
      ...(outcome === 'new_epoch' && {
        newEpoch: {
          reason: reason!,
          origin: identity.logOrigin,
          after: Math.max(before.epoch, identity.epoch, ...heard.standings.map((standing) => standing.epoch)),
        },
      }),
    });
    if (outcome === 'same_epoch') return { outcome, epoch, heard, back: [] };
    await publishLog(config.entity_configuration_file, identity, epoch, now());
    const since = Math.max(0, restoration.takenAt - CLOCKS);
    const back = await takeBack({ config, request, identity, store, directory }, heard, { since, feeds });
    return { outcome, epoch, heard, back };
  } finally {
    await store[Symbol.asyncDispose]();
  }
}

function ownerUrl({ database }: Config): string {
  if (!database.owner_url_file)
    throw new Error('database.owner_url_file is not set: only the owner of the database may close it until it is recovered');
  return readSecret(database.owner_url_file);
}

async function takeBack(
  world: { config: Config; request: RecoverRequest; identity: Identity; store: Store; directory: Directory },
  { standings }: Heard,
  lost: { since: number; feeds: ReadonlyMap<string, { epoch: number; size: number }> },
): Promise<BroughtBack[]> {
  const { identity, store, directory, config, request } = world;
  const deps = { self: identity.id, store, content: loadContentKeys(config, request.random), findKey: ownKeys(identity) };
  const connections = standings.map(({ peer }) => ({ peer, connection: dial(directory.peer(peer)!, identity.tls) }));
  try {
    for (const { peer, connection } of connections) await bringBackAgreements({ store, identity, directory, ...request }, peer, connection);
    const parts: Parts = new Map();
    for (const { peer, connection } of connections) await gatherParts(deps, peer, connection, lost.since, parts);
    const back: BroughtBack[] = [];
    for (const { peer, connection } of connections) {
      request.say(`taking back what ${peer} holds`);
      back.push(await bringBack(deps, { peer, connection, since: lost.since, old: lost.feeds.get(peer)! }, parts));
    }
    return back;
  } finally {
    for (const { connection } of connections) await connection.close();
  }
}
