import { splitCompact } from '@entente/seal';
import type { AuditSource } from '../source.js';
import type { ProofFile, ProvenLeaf, ProvenRelease } from './proof-file.js';

export interface ProveOptions {
  /** What may be shown of the statement, as an officer was given it. */
  disclosures?: string[];
  /** RFC 3339. */
  madeAt: string;
}

/**
 * Gathers what proves one statement: its signature, every release and receipt, the leaf of each in the log under one checkpoint, and the
 * keys. Nothing is verified here; who reads the file does that.
 * @throws {AuditorError} `not_found` when the node holds no such statement
 */
export async function prove(source: AuditSource, digest: string, { disclosures = [], madeAt }: ProveOptions): Promise<ProofFile> {
  await source.cutCheckpoint('exchange'); // so that the newest leaves are under it
  const [served, trail] = await Promise.all([source.configuration(), source.trail(digest)]);
  const own = idOf(served.configuration);
  const others = new Set([issuerOf(trail.jwt), ...trail.releases.map(({ peer }) => peer)]);
  const configurations = [{ id: own, configuration: served.configuration }, ...served.peers.filter(({ id }) => others.has(id))];
  const named = new Set(trail.releases.flatMap(agreementOf));
  const agreements = served.agreements.filter(({ digest }) => named.has(digest));
  return {
    type: 'entente-proof',
    version: 1,
    made_at: madeAt,
    node: own,
    epoch: served.epoch,
    statement: { digest: trail.digest, jwt: trail.jwt, own: trail.own },
    disclosures,
    releases: trail.releases,
    leaves: await leavesOf(source, [trail.digest, ...agreements.map(({ digest }) => digest)], trail.releases),
    configurations: Object.fromEntries(configurations.map(({ id, configuration }) => [id, configuration])),
    agreements: agreements.map(({ jws }) => jws),
  };
}

/** The leaves that speak of the objects, of the releases, and of the receipts for them: a receipt has a leaf for each release that it answers. */
async function leavesOf(source: AuditSource, objects: string[], releases: ProvenRelease[]): Promise<ProvenLeaf[]> {
  const asked: [digest: string, ref?: string][] = objects.map((digest) => [digest]);
  for (const { digest, receipt, direction } of releases) {
    asked.push([digest]);
    if (receipt !== null && direction === 'out') asked.push([receipt.digest, digest]);
  }
  const leaves = new Map<number, ProvenLeaf>();
  for (const [digest, ref] of asked) {
    for (const { index, leaf, proof } of await source.proofs(digest, ref)) leaves.set(index, { leaf, proof });
  }
  return [...leaves].sort(([a], [b]) => a - b).map(([, leaf]) => leaf);
}

const idOf = (configuration: string): string => String(splitCompact(configuration).payload().iss);
const issuerOf = (jwt: string): string => String(splitCompact(jwt).payload().iss);

/** Digest of the agreement that the release was given under. */
function agreementOf({ jwt }: ProvenRelease): string[] {
  if (jwt === null) return [];
  const { events } = splitCompact(jwt).payload() as { events?: Record<string, { agreement?: { digest?: string } }> };
  return Object.values(events ?? {}).flatMap((event) => event.agreement?.digest ?? []);
}
