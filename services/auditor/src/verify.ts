import { type Leaf, type OpenedCheckpoint, parseLeaf } from '@entente/ledger';
import { type AccessWatch, walkAccess } from './access-walk.js';
import { EpochChain } from './epoch-chain.js';
import { AuditorError } from './error.js';
import type { FeedResult, Scene } from './evidence/evidence.js';
import { evidence } from './evidence/index.js';
import { type Finding, type Report, reporting } from './finding.js';
import { openIdentity, type Trust } from './identity.js';
import { LogWalk, type WalkedEntry, type WalkedLog } from './log-walk.js';
import { Matcher } from './matcher.js';
import type { AuditSource } from './source.js';
import type { VerifyState } from './verify-state.js';

export interface Verification {
  /** Entity id of the audited node. */
  node: string;
  /** Of every epoch. */
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
  /** An earlier run that was interrupted: this one goes on where that one stopped. */
  from?: VerifyState;
  /** Called after each entry, with what would have to be kept to go on from there; may throw to stop. */
  onStep?: (state: () => VerifyState) => void | Promise<void>;
}

/**
 * Checks everything that a node holds against its log, and the log against its signed checkpoint: every entry, every signature, every feed, through all
 * epochs. What is read and forgotten again, so that memory does not grow with the log.
 */
export async function verifyNode(source: AuditSource, trust: Trust, watching: Watching = {}): Promise<Verification> {
  const { from } = watching;
  const findings: Finding[] = [...(from?.findings ?? [])];
  const report: Report = (finding) => findings.push(finding);
  // Before the configuration: a peer or agreement that comes between the two then has its leaf only under the second checkpoint.
  const note = from?.note ?? (await source.cutCheckpoint('exchange'));
  const [served, epochs] = [await source.configuration(), await source.epochs()];
  const identity = await openIdentity(served, trust, from === undefined ? report : () => undefined);
  if (epochs.at(-1)?.epoch !== identity.epoch || (from !== undefined && from.epoch !== identity.epoch))
    throw new AuditorError('bad_answer', 'the node has opened a new epoch meanwhile: begin again');
  if (identity.logKeys('exchange', identity.epoch).length > 1 && from === undefined)
    report({ check: 'configuration', object: identity.id, position: null, what: 'it names another log than the present one' });
  if (from !== undefined && from.node !== identity.id)
    throw new AuditorError('bad_input', `what was begun is a verification of ${from.node}, not of ${identity.id}`);
  const scene: Scene = { source, served, identity, epochs, report, feeds: new Map(from?.feeds), voided: new Set(from?.voided) };

  const chain = new EpochChain(epochs, report, from?.chain);
  const done: WalkedLog[] = [...(from?.done ?? [])];
  const kept = (): Omit<VerifyState, 'at' | 'matchers' | 'signatures'> => ({
    type: 'entente-verification',
    version: 1,
    node: identity.id,
    epoch: identity.epoch,
    note,
    done,
    chain: chain.save(),
    feeds: [...scene.feeds],
    voided: [...scene.voided],
    findings,
  });
  const signatures = await walkExchange({ scene, chain, done, note, kept, watching });
  const { progress, onAccess } = watching;
  const access: AccessWatch = {
    ...(progress && { progress }),
    ...(onAccess && { onAccess }),
    ...(watching.onStep && { onStep: (at) => watching.onStep!(() => ({ ...kept(), at: at(), matchers: [], signatures })) }),
    ...(from?.at.log === 'access' && { from: from.at }),
  };
  for (const { epoch, access: size } of epochs) {
    if (done.some((log) => log.log === 'access' && log.epoch === epoch)) continue;
    done.push(await walkAccess(scene, { epoch, size }, access));
    if (epoch !== identity.epoch) chain.endAccess(epoch, done.at(-1)!.root);
  }
  return {
    node: identity.id,
    logs: done,
    entries: done.reduce((sum, { size }) => sum + size, 0),
    signatures,
    feeds: [...scene.feeds.values()].map(({ result }) => result),
    findings,
    verified: findings.length === 0,
  };
}

interface Exchange {
  scene: Scene;
  chain: EpochChain;
  done: WalkedLog[];
  note: string;
  kept: () => Omit<VerifyState, 'at' | 'matchers' | 'signatures'>;
  watching: Watching;
}

/**
 * The exchange logs of all epochs, the last one under two checkpoints: objects are read between them, so that whatever was stored meanwhile has its leaf
 * under the second. How many signatures were checked.
 */
async function walkExchange({ scene, chain, done, note, kept, watching }: Exchange): Promise<number> {
  const { from, onStep, progress, onLeaf } = watching;
  if (from?.at.log === 'access') return from.signatures;
  const matchers = evidence.map((row, i) => new Matcher(row, scene, from?.matchers[i]));
  const signatures = () => matchers.reduce((sum, { signatures }) => sum + signatures, 0);
  const step = async (walk: LogWalk): Promise<void> => {
    const at = () => ({ log: 'exchange' as const, epoch: walk.epoch, walk: walk.save() });
    await onStep?.(() => ({ ...kept(), at: at(), matchers: matchers.map((one) => one.save()), signatures: signatures() }));
  };
  const take = async (walk: LogWalk, entries: AsyncIterable<WalkedEntry>, size: number, late: boolean, steps = !late) => {
    for await (const { bytes, position } of entries) {
      progress?.(walk.epoch === 1 ? 'exchange' : `exchange of epoch ${walk.epoch}`, position + 1, size);
      const about = { check: 'leaf', object: 'exchange', position } as const;
      const leaf = await reporting(scene.report, about, () => parseLeaf(bytes));
      if (leaf !== undefined) {
        onLeaf?.(leaf);
        chain.addLeaf(leaf, position, walk.epoch);
        for (const matcher of matchers) await matcher.addLeaf({ leaf, epoch: walk.epoch }, position, late);
      }
      if (steps) await step(walk);
    }
  };

  for (const { epoch, exchange } of scene.epochs) {
    if (done.some((log) => log.log === 'exchange' && log.epoch === epoch)) continue;
    const walk = new LogWalk(
      'exchange',
      epoch,
      scene.source,
      scene.identity,
      scene.report,
      from?.at.epoch === epoch ? from.at.walk : undefined,
    );
    const readTo = async (checkpoint: OpenedCheckpoint | undefined, late: boolean) => {
      if (checkpoint !== undefined) await take(walk, walk.readTo(checkpoint), checkpoint.size, late);
    };
    if (epoch !== scene.identity.epoch) {
      await take(walk, walk.readToEnd(exchange), exchange, false);
      chain.end(walk.endText());
      await take(walk, walk.readBeyond(), exchange, false, false);
    } else {
      const first = await walk.open(note);
      if (first !== undefined) {
        await readTo(first, false);
        for (const matcher of matchers) while (await matcher.readObjects()) await step(walk);
        await readTo(await walk.cut(), true);
        for (const matcher of matchers) await matcher.finish();
      }
    }
    done.push(await walk.finish());
  }
  return signatures();
}
