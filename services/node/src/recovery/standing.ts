/** What a peer holds of this node, against what this node's own database says: a database that knows less has come from a backup. docs/protocol.md section 9.5. */
import { noteKey, openCheckpoint, signatureType } from '@entente/ledger';
import { type FindKey, findKeyIn, inspectEntityConfiguration, openPage, openReceipt } from '@entente/seal';
import { nodeVerifier, verificationKey } from '@entente/seal/node';
import type { Store } from '@entente/store';
import { Ajv } from 'ajv';
import type { Dial } from '../federation/dial.js';
import type { Identity } from '../identity.js';

/** The peer's answer, attacker-controlled: it counts only as far as this node's own signature stands under it. */
interface Held {
  page?: string;
  receipt?: string;
  checkpoint?: string;
}

export interface Standing {
  peer: string;
  /** What it holds that this node does not know of; empty when nothing. */
  unknown: ('page' | 'receipt' | 'checkpoint')[];
  /** The highest epoch of this node that it has seen. */
  epoch: number;
  /** Position of this node's feed to it: on its pages, and here. */
  theirs: number;
  ours: number;
}

export interface StandingDeps {
  store: Pick<Store, 'feed' | 'chainAt' | 'receiptByDigest' | 'log'>;
  identity: Pick<Identity, 'id' | 'configuration' | 'keys' | 'logOrigin'>;
}

const wellFormed = new Ajv().compile<Held>({
  type: 'object',
  properties: Object.fromEntries(['page', 'receipt', 'checkpoint'].map((name) => [name, { type: 'string', maxLength: 524_288 }])),
});

/** @throws PeerUnreachable, PeerRefused, and an Error where the answer has no form */
export async function standingWith(deps: StandingDeps, peer: string, connection: Dial): Promise<Standing> {
  const held = await connection.json('GET', '/held', undefined, { timeout: 5_000 });
  if (!wellFormed(held)) throw new Error(`${peer} does not say what it holds`);
  const { store, identity } = deps;
  const feed = await store.feed(peer);
  const standing: Standing = { peer, unknown: [], epoch: feed.epoch, theirs: 0, ours: feed.size };
  const opening = { iss: identity.id, aud: peer, findKey: ownKeys(identity) };

  const page = held.page === undefined ? undefined : await ours(openPage(held.page, opening));
  if (page && page.epoch >= feed.epoch) {
    standing.epoch = page.epoch;
    standing.theirs = page.first + page.entries.length - 1;
    const chain = Buffer.from(page.chain).toString('base64url');
    const same = page.epoch === feed.epoch && (await store.chainAt(peer, page.epoch, standing.theirs)) === chain;
    if (!same) standing.unknown.push('page');
  }
  const receipt = held.receipt === undefined ? undefined : await ours(openReceipt(held.receipt, opening));
  if (receipt && (await store.receiptByDigest(receipt.digest)) === undefined) standing.unknown.push('receipt');
  const checkpoint = held.checkpoint === undefined ? undefined : await ownCheckpoint(identity, held.checkpoint);
  if (checkpoint) {
    const log = await store.log('exchange');
    standing.epoch = Math.max(standing.epoch, checkpoint.epoch);
    if (checkpoint.epoch > log.epoch || (checkpoint.epoch === log.epoch && checkpoint.size > log.size)) standing.unknown.push('checkpoint');
  }
  return standing;
}

/** What this node has not signed says nothing about it. */
const ours = <T>(opening: Promise<T>): Promise<T | undefined> => opening.catch(() => undefined);

export const ownKeys = (identity: Pick<Identity, 'configuration'>): FindKey =>
  findKeyIn([inspectEntityConfiguration(identity.configuration).configuration], verificationKey);

/** The checkpoint under any log key that this node has published, with the epoch of its origin. */
async function ownCheckpoint({ keys, logOrigin }: StandingDeps['identity'], note: string) {
  const epoch = Number(/^[^\n]*\/log\/([1-9]\d{0,8})\n/.exec(note)?.[1]);
  if (!Number.isSafeInteger(epoch)) return undefined;
  for (const { jwk, alg } of keys.filter(({ use }) => use === 'log')) {
    const key = noteKey(logOrigin('exchange', epoch), signatureType.ed25519, Buffer.from(jwk.x, 'base64url'));
    const opened = await ours(openCheckpoint(note, key, (_key, message, signature) => nodeVerifier(jwk, alg)(message, signature)));
    if (opened) return { ...opened, epoch };
  }
  return undefined;
}
