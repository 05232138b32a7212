import { type Leaf, type OpenedCheckpoint, parseLeaf } from '@entente/ledger';
import { EpochChain } from './epoch-chain.js';
import { type Finding, type Report, reporting } from './finding.js';
import { type Direction, FlowMatch } from './flow-match.js';
import { type Identity, openIdentity } from './identity.js';
import { LogWalk, type WalkedEntry } from './log-walk.js';
import type { AuditSource, EpochItem } from './source.js';

export interface Reconciliation {
  a: string;
  b: string;
  directions: Direction[];
  /** What is wrong with either log itself. */
  findings: Finding[];
  /** Nothing is missing or altered, and both logs hold. */
  ok: boolean;
}

interface Side {
  id: string;
  source: AuditSource;
  identity: Identity;
  epochs: EpochItem[];
  /** Of the present epoch. */
  walk: LogWalk;
}

/** A leaf of one side; `late` ones were written by A after B's log was closed, and count only where they answer another. */
interface Line {
  side: Side;
  leaf: Leaf;
  late: boolean;
}

/**
 * Matches what one node says it released with what the other says it received, both ways and by digest alone. Each side is read with its own auditor's token.
 */
export async function reconcileNodes(a: AuditSource, b: AuditSource): Promise<Reconciliation> {
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  const [left, right] = [await openSide(a, report), await openSide(b, report)];
  const [there, back] = [new FlowMatch(left.id, right.id), new FlowMatch(right.id, left.id)];

  for await (const { side, leaf, late } of bothLogs(left, right, report)) {
    if (leaf.peer !== (side === left ? right : left).id) continue;
    const [sending, receiving] = side === left ? [there, back] : [back, there];
    sending.addSent(leaf, late);
    receiving.addArrived(leaf, late);
  }

  const directions = [there.finish(), back.finish()];
  const whole = directions.every(({ missing, altered }) => missing === 0 && altered === 0);
  return { a: left.id, b: right.id, directions, findings, ok: whole && findings.length === 0 };
}

async function openSide(source: AuditSource, report: Report): Promise<Side> {
  const served = await source.configuration();
  const identity = await openIdentity(served, { configuration: served.configuration }, report);
  const { id, epoch } = identity;
  return { id, source, identity, epochs: await source.epochs(), walk: new LogWalk('exchange', epoch, source, identity, report) };
}

/**
 * Both logs as one, in the order of their times, so that a release and its arrival come close together. A's log is closed before B's and read beyond that: whatever
 * either of them answers is then in what is read of the other.
 */
async function* bothLogs(left: Side, right: Side, report: Report): AsyncGenerator<Line> {
  const closed = await left.walk.cut();
  const other = await right.walk.cut();
  const reopened = await left.walk.cut();
  if (closed === undefined || other === undefined || reopened === undefined) return;
  const streams = [linesOf(left, [closed, reopened], report), linesOf(right, [other], report)];
  const heads = await Promise.all(streams.map((stream) => stream.next()));
  for (;;) {
    const times = heads.map((head) => (head.done ? Number.POSITIVE_INFINITY : Date.parse(head.value.leaf.at)));
    const next = times[0]! <= times[1]! ? 0 : 1;
    const head = heads[next]!;
    if (head.done) return;
    yield head.value;
    heads[next] = await streams[next]!.next();
  }
}

/** The leaves of the epochs that have ended, then those up to each checkpoint in turn; those after the first checkpoint are late. */
async function* linesOf(side: Side, checkpoints: readonly OpenedCheckpoint[], report: Report): AsyncGenerator<Line> {
  const chain = new EpochChain(side.epochs, report);
  for (const { epoch, exchange } of side.epochs.filter((one) => one.epoch < side.identity.epoch)) {
    const walk = new LogWalk('exchange', epoch, side.source, side.identity, report);
    yield* linesIn(side, { walk, entries: walk.readToEnd(exchange), late: false, chain }, report);
    chain.end(walk.endText());
    yield* linesIn(side, { walk, entries: walk.readBeyond(), late: false, chain }, report);
  }
  for (const checkpoint of checkpoints)
    yield* linesIn(side, { walk: side.walk, entries: side.walk.readTo(checkpoint), late: checkpoint !== checkpoints[0], chain }, report);
}

interface Lines {
  walk: LogWalk;
  entries: AsyncIterable<WalkedEntry>;
  late: boolean;
  chain: EpochChain;
}

async function* linesIn(side: Side, { walk, entries, late, chain }: Lines, report: Report): AsyncGenerator<Line> {
  for await (const { bytes, position } of entries) {
    const leaf = await reporting(report, { check: 'leaf', object: side.id, position }, () => parseLeaf(bytes));
    if (leaf === undefined) continue;
    chain.addLeaf(leaf, position, walk.epoch);
    yield { side, leaf, late };
  }
}
