import { type Cosignature, type Leaf, leafHash, openTlogProof, parseLeaf, parseTlogProof } from '@entente/ledger';
import { digestOf, inspectEntityConfiguration, openAgreement, openReceipt, openRelease, openStatement, parseStrict } from '@entente/seal';
import { AuditorError } from '../error.js';
import { assertDigest, assertFits, proven } from '../evidence/evidence.js';
import { arrivals } from '../evidence/release.js';
import { type Finding, type Report, reporting } from '../finding.js';
import { type Identity, openIdentity, type Trust } from '../identity.js';
import { keyUnder } from '../log-checkpoint.js';
import { verifyNote } from '../note-verifier.js';
import { witnessKeysOf, witnessName } from '../witness-keys.js';
import type { ProofFile, ProvenRelease } from './proof-file.js';

export interface ProofResult {
  node: string;
  statement: string;
  /** Entity id of who signed it. */
  originator: string | null;
  kind: string | null;
  /** What is shown of it, member by member; empty where the file discloses nothing. */
  body: Record<string, unknown>;
  releases: { direction: 'out' | 'in'; peer: string; digest: string; state: string; at: string | null; receipt: boolean }[];
  /** Those that the leaves are under. */
  checkpoints: { origin: string; size: number; cosigned_by: string[] }[];
  findings: Finding[];
  holds: boolean;
}

interface LoggedLeaf {
  leaf: Leaf;
  index: number;
  /** When a trusted witness had seen it, seconds since the epoch: what a key that was compromised later had signed by then still counts. */
  provenBefore?: number;
}

/** By what the leaves say. */
type Logged = ReadonlyMap<string, LoggedLeaf>;

/**
 * Verifies a proof without any network: every signature, every key in its time, every leaf under the signed and cosigned checkpoint, and
 * that the log names exactly what the file shows.
 * @param witnesses entity configurations, received by another way, of those whose word on when something was there is trusted
 * @throws {AuditorError} `bad_input` when a configuration brought along cannot be trusted
 */
export async function verifyProof(file: ProofFile, trust: Trust, witnesses: readonly string[] = []): Promise<ProofResult> {
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  const known = new Map(witnesses.map((configuration) => [idOf(configuration), configuration]));
  const { [file.node]: own = trust.configuration, ...others } = file.configurations;
  const served = newer(own, trust.configuration);
  const peers = [...new Set([...Object.keys(others), ...known.keys()])].map((id) => ({
    id,
    configuration: newer(others[id] ?? known.get(id)!, known.get(id)),
  }));
  const identity = await openIdentity({ configuration: served, peers, agreements: [], epoch: file.epoch }, trust, report);
  if (identity.id !== file.node) {
    report({ check: 'configuration', object: file.node, position: null, what: `the configuration is that of ${identity.id}` });
  }

  const { logged, checkpoints } = await openLeaves(file, identity, new Set([...known.keys()].map(witnessName)), report);
  const statement = await openShown(file, identity, logged, report);
  for (const release of file.releases) await openAnswered(release, file, identity, logged, report);
  for (const jws of file.agreements) await openNamed(jws, identity, logged, report);
  return {
    node: file.node,
    statement: file.statement.digest,
    originator: statement?.claims.iss ?? null,
    kind: statement?.claims.kind ?? null,
    body: statement?.body ?? {},
    releases: file.releases.map(({ direction, peer, digest, state, receipt }) => ({
      direction,
      peer,
      digest,
      state,
      at: logged.get(keyOf(direction === 'out' ? 'released' : arrivalOf(state), digest))?.leaf.at ?? null,
      receipt: receipt !== null,
    })),
    checkpoints,
    findings,
    holds: findings.length === 0,
  };
}

const keyOf = (op: string, digest: string): string => `${op} ${digest}`;
const arrivalOf = (verdict: string): string => [...arrivals].find(([, named]) => named === verdict)?.[0] ?? 'received';

/** Every leaf under a signed checkpoint; a leaf that is under none counts for nothing. */
async function openLeaves(file: ProofFile, identity: Identity, trusted: ReadonlySet<string>, report: Report) {
  const logged = new Map<string, LoggedLeaf>();
  const witnesses = witnessKeysOf(identity.peers.values());
  const checkpoints = new Map<string, ProofResult['checkpoints'][number]>();
  for (const { leaf: text, proof } of file.leaves) {
    await reporting(report, { check: 'leaf', object: 'exchange', position: null }, async () => {
      const bytes = new TextEncoder().encode(text);
      const { checkpoint: note } = parseTlogProof(proof);
      const key = keyUnder(note, identity, { log: 'exchange', epoch: epochOf(note) });
      const { index, checkpoint } = await openTlogProof(proof, leafHash(bytes), key, verifyNote, witnesses);
      const leaf = parseLeaf(bytes);
      const times = checkpoint.cosignatures.filter(({ name }) => trusted.has(name)).map(({ time }) => time);
      const entry: LoggedLeaf = { leaf, index, ...(times.length > 0 && { provenBefore: Math.min(...times) }) };
      logged.set(keyOf(leaf.op, leaf.digest ?? ''), entry);
      // One receipt may answer several releases, each with a leaf of its own.
      if (leaf.ref !== undefined) logged.set(`${keyOf(leaf.op, leaf.digest ?? '')} ${leaf.ref}`, entry);
      const { origin, size, cosignatures } = checkpoint;
      checkpoints.set(note, { origin, size, cosigned_by: [...new Set(cosignatures.map(({ name }: Cosignature) => name))] });
    });
  }
  return { logged: logged as Logged, checkpoints: [...checkpoints.values()] };
}

/** Of the log whose checkpoint this is; 0 for what is none of a node. */
const epochOf = (note: string): number => Number(/^\S+\/log\/([1-9]\d{0,8})\n/.exec(note)?.[1] ?? 0);

/** Of two configurations of a node the later one: what a file was made with may have been overtaken by what its reader knows. */
function newer(inFile: string, brought: string | undefined): string {
  if (brought === undefined) return inFile;
  try {
    const [one, other] = [inFile, brought].map((jwt) => inspectEntityConfiguration(jwt).configuration);
    return one!.id === other!.id && one!.iat <= other!.iat ? brought : inFile;
  } catch {
    return inFile; // and is refused where it is opened
  }
}

function idOf(configuration: string): string {
  try {
    return inspectEntityConfiguration(configuration).configuration.id;
  } catch (error) {
    throw new AuditorError('bad_input', `this is not the entity configuration of a witness: ${(error as Error).message}`);
  }
}

async function openShown(file: ProofFile, identity: Identity, logged: Logged, report: Report) {
  const { digest, jwt, own } = file.statement;
  const entry = own ? logged.get(keyOf('issued', digest)) : firstArrival(file, logged);
  if (entry === undefined) absent(report, 'statement', digest);
  return reporting(report, { check: 'statement', object: digest, position: entry?.index ?? null }, async () => {
    assertDigest(jwt, digest);
    const opened = await openStatement(jwt, file.disclosures, identity.findKey, proven(entry?.provenBefore));
    assertFits(own === (opened.claims.iss === identity.id), 'it is not by the node that the file says');
    return opened;
  });
}

const firstArrival = (file: ProofFile, logged: Logged) =>
  file.releases
    .filter(({ direction }) => direction === 'in')
    .map(({ digest }) => logged.get(`${keyOf('received', digest)} ${file.statement.digest}`))
    .find((entry) => entry !== undefined);

async function openAnswered(release: ProvenRelease, file: ProofFile, identity: Identity, logged: Logged, report: Report): Promise<void> {
  const { direction, peer, digest, jwt, state, receipt } = release;
  const [sender, recipient] = direction === 'out' ? [identity.id, peer] : [peer, identity.id];
  const entry = logged.get(keyOf(direction === 'out' ? 'released' : arrivalOf(state), digest));
  if (entry === undefined) absent(report, 'release', digest);
  await reporting(report, { check: 'release', object: digest, position: entry?.index ?? null }, async () => {
    if (jwt === null) return;
    assertDigest(jwt, digest);
    const opened = await openRelease(jwt, { iss: sender, aud: recipient, findKey: identity.findKey, ...proven(entry?.provenBefore) });
    assertFits(opened.statementDigest === file.statement.digest, 'it releases another statement');
    assertFits(entry?.leaf.peer === undefined || entry.leaf.peer === peer, 'the leaf names another partner');
  });
  if (receipt === null) return;
  // Of its own receipts a node logs the arrival; of those that it was given, the receipt.
  const held = direction === 'out' ? logged.get(`${keyOf('receipt_held', receipt.digest)} ${digest}`) : entry;
  if (held === undefined) absent(report, 'receipt', receipt.digest);
  await reporting(report, { check: 'receipt', object: receipt.digest, position: held?.index ?? null }, async () => {
    assertDigest(receipt.jwt, receipt.digest);
    const opened = await openReceipt(receipt.jwt, {
      iss: recipient,
      aud: sender,
      findKey: identity.findKey,
      ...proven(held?.provenBefore),
    });
    assertFits(
      opened.items.some((item) => item.release === digest),
      'it answers other releases',
    );
  });
}

/** Judged at the time at which the log took it in: a party's key may have ended since. */
async function openNamed(jws: string, identity: Identity, logged: Logged, report: Report): Promise<void> {
  await reporting(report, { check: 'agreement', object: 'of a release', position: null }, async () => {
    const digest = agreementDigest(jws);
    const entry = logged.get(keyOf('agreement', digest));
    if (entry === undefined) return absent(report, 'agreement', digest);
    const { signedBy } = await openAgreement(jws, { findKey: identity.findKey, at: Math.floor(Date.parse(entry.leaf.at) / 1000) });
    assertFits(signedBy.length > 0, 'no party whose key is known has signed it');
  });
}

/** SHA-256 of the payload as it is written. */
function agreementDigest(jws: string): string {
  const payload: unknown = (parseStrict(jws) as { payload?: unknown } | null)?.payload;
  assertFits(typeof payload === 'string', 'it is no agreement');
  return digestOf(payload as string);
}

const absent = (report: Report, check: Finding['check'], object: string): void =>
  report({ check, object, position: null, what: 'no leaf in the file says so' });
