import { parseNote } from '@entente/ledger';
import { splitCompact } from '@entente/seal';
import type { AuditSource, EpochItem } from '../source.js';
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
  const [served, trail, epochs] = await Promise.all([source.configuration(), source.trail(digest), source.epochs()]);
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
    leaves: await leavesOf(source, epochs, [trail.digest, ...agreements.map(({ digest }) => digest)], trail.releases),
    configurations: Object.fromEntries(configurations.map(({ id, configuration }) => [id, configuration])),
    agreements: agreements.map(({ jws }) => jws),
  };
}

/** The leaves that speak of the objects, of the releases, and of the receipts for them: a receipt has a leaf for each release that it answers. */
async function leavesOf(
  source: AuditSource,
  epochs: readonly EpochItem[],
  objects: string[],
  releases: ProvenRelease[],
): Promise<ProvenLeaf[]> {
  const asked: { digest: string; ref?: string }[] = objects.map((digest) => ({ digest }));
  for (const { digest, receipt, direction } of releases) {
    asked.push({ digest });
    if (receipt !== null && direction === 'out') asked.push({ digest: receipt.digest, ref: digest });
  }
  const leaves: ProvenLeaf[] = [];
  for (const { epoch } of epochs) {
    const found = new Map<number, ProvenLeaf>();
    for (const about of asked) {
      for (const { index, leaf, proof } of await source.proofs(epoch, about)) {
        if (!found.has(index)) found.set(index, { leaf, proof: (await earliest(source, epoch, about, index)) ?? proof });
      }
    }
    leaves.push(...[...found].sort(([a], [b]) => a - b).map(([, leaf]) => leaf));
  }
  return leaves;
}

/**
 * Under the first checkpoint over the leaf that a witness has cosigned: that dates it as early as anybody else can say, and what stood there
 * then counts whatever becomes of a key later.
 */
async function earliest(
  source: AuditSource,
  epoch: number,
  about: { digest: string; ref?: string },
  index: number,
): Promise<string | undefined> {
  for await (const { size, note } of source.checkpoints('exchange', epoch, index + 1)) {
    if (parseNote(note).signatures.length < 2) continue;
    return (await source.proofs(epoch, about, size)).find((one) => one.index === index)?.proof;
  }
  return undefined;
}

const idOf = (configuration: string): string => String(splitCompact(configuration).payload().iss);
const issuerOf = (jwt: string): string => String(splitCompact(jwt).payload().iss);

/** Digest of the agreement that the release was given under. */
function agreementOf({ jwt }: ProvenRelease): string[] {
  if (jwt === null) return [];
  const { events } = splitCompact(jwt).payload() as { events?: Record<string, { agreement?: { digest?: string } }> };
  return Object.values(events ?? {}).flatMap((event) => event.agreement?.digest ?? []);
}
