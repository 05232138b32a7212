import { createHash } from 'node:crypto';
import { type Leaf, type OpenedCheckpoint, parseAccessLeaf, parseLeaf } from '@entente/ledger';
import type { FeedResult, Scene } from './evidence/evidence.js';
import { evidence } from './evidence/index.js';
import { type Finding, type Report, reporting } from './finding.js';
import { openIdentity, type Trust } from './identity.js';
import { LogWalk, type WalkedLog } from './log-walk.js';
import { Matcher } from './matcher.js';
import type { AccessItem, AuditSource } from './source.js';

export interface Verification {
  /** Entity id of the audited node. */
  node: string;
  logs: WalkedLog[];
  /** Log entries read. */
  entries: number;
  /** Signatures of objects checked. */
  signatures: number;
  feeds: FeedResult[];
  findings: Finding[];
  /** Nothing was found. */
  verified: boolean;
}

export type Progress = (log: string, done: number, of: number) => void;

/** Who looks on while everything is read once. */
export interface Watching {
  progress?: Progress;
  /** Each leaf of the exchange log, in order. */
  onLeaf?: (leaf: Leaf) => void;
  /** Each entry of the access log that is still there and is what the log says. JSON. */
  onAccess?: (entry: string, position: number) => void;
}

/**
 * Checks everything that a node holds against its log, and the log against its signed checkpoint: every entry, every signature, every feed. What is read and
 * forgotten again, so that memory does not grow with the log.
 */
export async function verifyNode(source: AuditSource, trust: Trust, watching: Watching = {}): Promise<Verification> {
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  // Before the configuration: a peer or agreement that comes between the two then has its leaf only under the second checkpoint.
  const note = await source.cutCheckpoint('exchange');
  const served = await source.configuration();
  const identity = await openIdentity(served, trust, report);
  const scene: Scene = { source, served, identity, report, feeds: new Map(), voided: new Set() };

  const exchange = await walkExchange(scene, note, watching);
  const access = await walkAccess(scene, watching);
  const logs = [...exchange.logs, access];
  return {
    node: identity.id,
    logs,
    entries: logs.reduce((sum, { size }) => sum + size, 0),
    signatures: exchange.signatures,
    feeds: [...scene.feeds.values()],
    findings,
    verified: findings.length === 0,
  };
}

/** The exchange log, past epochs first, the present one under two checkpoints: objects are read between them, so that whatever was stored meanwhile has its leaf under the second. */
async function walkExchange(
  scene: Scene,
  note: string,
  { progress, onLeaf }: Watching,
): Promise<{ logs: WalkedLog[]; signatures: number }> {
  const walk = new LogWalk('exchange', scene.source, scene.identity, scene.report);
  const matchers = evidence.map((row) => new Matcher(row, scene));
  const logs: WalkedLog[] = [];
  for (const epoch of scene.identity.pastEpochs) {
    const past = new LogWalk('exchange', scene.source, scene.identity, scene.report, epoch);
    for await (const { bytes, position } of past.readPast()) {
      const leaf = await reporting(scene.report, { check: 'leaf', object: `exchange ${epoch}`, position }, () => parseLeaf(bytes));
      if (leaf === undefined) continue;
      onLeaf?.(leaf);
      for (const matcher of matchers) await matcher.addPastLeaf(leaf, position);
    }
    logs.push(await past.finish());
  }
  const readTo = async (checkpoint: OpenedCheckpoint | undefined, late: boolean) => {
    if (checkpoint === undefined) return;
    for await (const { bytes, position } of walk.readTo(checkpoint)) {
      progress?.('exchange', position + 1, checkpoint.size);
      const about = { check: 'leaf', object: 'exchange', position } as const;
      const leaf = await reporting(scene.report, about, () => parseLeaf(bytes));
      if (leaf === undefined) continue;
      onLeaf?.(leaf);
      for (const matcher of matchers) await matcher.addLeaf(leaf, position, late);
    }
  };

  const first = await walk.open(note);
  if (first !== undefined) {
    await readTo(first, false);
    for (const matcher of matchers) await matcher.drain();
    await readTo(await walk.cut(), true);
    for (const matcher of matchers) await matcher.finish();
  }
  return { logs: [...logs, await walk.finish()], signatures: matchers.reduce((sum, { signatures }) => sum + signatures, 0) };
}

/** Every entry of the access log against its leaf: SHA-256 of salt and text. A text may be gone after its retention; it cannot have changed. */
async function walkAccess({ source, identity, report }: Scene, { progress, onAccess }: Watching): Promise<WalkedLog> {
  const walk = new LogWalk('access', source, identity, report);
  const checkpoint = await walk.cut();
  if (checkpoint === undefined) return walk.result(); // nothing to hold it against
  const texts = source.access()[Symbol.asyncIterator]();
  let next = await texts.next();
  for await (const { bytes, position } of walk.readTo(checkpoint)) {
    progress?.('access', position + 1, checkpoint.size);
    const leaf = await reporting(report, { check: 'leaf', object: 'access', position }, () => parseAccessLeaf(bytes));
    const item = next.done !== true && next.value.position === position ? next.value : undefined;
    if (item !== undefined) next = await texts.next();
    if (leaf === undefined) continue;
    const why = item === undefined ? 'its entry is missing' : differs(item, leaf.digest);
    if (why !== undefined) report({ check: 'access', object: 'access', position, what: why });
    else if (item?.entry != null) onAccess?.(item.entry, position);
  }
  return walk.finish();
}

function differs({ salt, entry }: AccessItem, digest: string): string | undefined {
  if (entry === null) return undefined;
  const hash = createHash('sha256').update(Buffer.from(salt, 'base64url')).update(entry).digest('base64url');
  return hash === digest ? undefined : 'the entry is another one than the log says: it was altered';
}
