import { Frontier, LedgerError, leafHash, type OpenedCheckpoint, openCheckpoint } from '@entente/ledger';
import { type Report, reporting } from './finding.js';
import type { Identity } from './identity.js';
import { verifyNote } from './note-verifier.js';
import type { AuditSource, LogName } from './source.js';
import { TileCheck } from './tile-check.js';
import { witnessKeysOf } from './witness-keys.js';

export interface WalkedLog {
  log: LogName;
  origin: string;
  size: number;
  /** Base64, as in the checkpoint. */
  root: string;
  /** The entries give this root, and that of every earlier checkpoint. */
  verified: boolean;
  /** Checkpoints that were ever cut, up to this one. */
  checkpoints: number;
  /** Those of them that at least one witness has cosigned, and the size of the last. */
  cosigned: { checkpoints: number; last: number };
}

export interface WalkedEntry {
  bytes: Uint8Array;
  position: number;
}

/** Follows one log from its first leaf, from checkpoint to checkpoint. Holds the right edge of the tree, never the entries. */
export class LogWalk {
  readonly #frontier = Frontier.empty();
  readonly #earlier: AsyncIterator<{ size: number; note: string }>;
  readonly #cosigned = { checkpoints: 0, last: 0 };
  readonly #tiles: TileCheck;
  #next: { size: number; note: string } | undefined;
  #checkpoints = 0;
  #whole = true;
  #last: OpenedCheckpoint | undefined;

  constructor(
    readonly log: LogName,
    private readonly source: AuditSource,
    private readonly identity: Pick<Identity, 'logKey' | 'peers' | 'epoch'>,
    private readonly report: Report,
    private readonly epoch = identity.epoch,
  ) {
    this.#tiles = new TileCheck(log, source, report);
    this.#earlier = source.checkpoints(log, epoch)[Symbol.asyncIterator]();
  }

  /** Has a checkpoint cut and opens it. */
  async cut(): Promise<OpenedCheckpoint | undefined> {
    return this.open(await this.source.cutCheckpoint(this.log));
  }

  /** Undefined, with a finding, when it is not the log's own. */
  async open(note: string): Promise<OpenedCheckpoint | undefined> {
    return reporting(this.report, { check: 'checkpoint', object: this.log, position: null }, async () => {
      const checkpoint = await openCheckpoint(
        note,
        this.identity.logKey(this.log, this.epoch),
        verifyNote,
        witnessKeysOf(this.identity.peers.values()),
      );
      if (checkpoint.size < this.#frontier.size)
        throw new LedgerError('bad_checkpoint', `the log has shrunk from ${this.#frontier.size} to ${checkpoint.size}`);
      return checkpoint;
    });
  }

  /** Reads on up to a checkpoint and compares the root: of the entries themselves, so that two checkpoints reached in a row are also consistent. */
  async *readTo(checkpoint: OpenedCheckpoint): AsyncGenerator<WalkedEntry> {
    const encoder = new TextEncoder();
    let expected = this.#frontier.size;
    for await (const { position, leaf } of this.source.entries(this.log, this.epoch, expected, checkpoint.size)) {
      if (position !== expected) this.gap(expected, `position ${position} comes instead`);
      expected = position + 1;
      const bytes = encoder.encode(leaf);
      const hash = leafHash(bytes);
      const completed = this.#frontier.append(hash);
      if (this.epoch === this.identity.epoch) await this.#tiles.add(hash, position, completed); // of past ones no proofs are made
      if (expected < checkpoint.size) await this.compareEarlier();
      yield { bytes, position };
    }
    if (expected < checkpoint.size) this.gap(expected, `the checkpoint says ${checkpoint.size} entries`);
    const same = Buffer.compare(this.#frontier.root(), checkpoint.root) === 0;
    if (this.#whole && !same) {
      this.report({
        check: 'root',
        object: this.log,
        position: checkpoint.size,
        what: 'the entries give another root than the checkpoint',
      });
    }
    this.#whole &&= same;
    await this.compareEarlier(); // the ones of just this size
    this.#last = checkpoint;
  }

  /** What is left of a past epoch: under its last checkpoint, and what the backup had beyond that, which nothing proves. */
  async *readPast(): AsyncGenerator<WalkedEntry> {
    let last: string | undefined;
    for await (const { note } of this.source.checkpoints(this.log, this.epoch)) last = note;
    const checkpoint = last === undefined ? undefined : await this.open(last);
    if (checkpoint !== undefined) yield* this.readTo(checkpoint);
    const encoder = new TextEncoder();
    for await (const { position, leaf } of this.source.entries(this.log, this.epoch, this.#frontier.size, Number.MAX_SAFE_INTEGER))
      yield { bytes: encoder.encode(leaf), position };
  }

  /** Whatever the node once signed of its log must be the beginning of what it shows today. */
  private async compareEarlier(): Promise<void> {
    this.#next ??= await this.nextEarlier();
    while (this.#next !== undefined && this.#next.size <= this.#frontier.size) {
      const { size, note } = this.#next;
      const about = { check: 'checkpoint', object: this.log, position: size } as const;
      const opened = await reporting(this.report, about, () =>
        openCheckpoint(note, this.identity.logKey(this.log, this.epoch), verifyNote, witnessKeysOf(this.identity.peers.values())),
      );
      this.#checkpoints++;
      if (opened === undefined) this.#whole = false;
      else this.compare(opened, size);
      this.#next = await this.nextEarlier();
    }
  }

  private compare(opened: OpenedCheckpoint, size: number): void {
    const same = opened.size === size && size === this.#frontier.size && Buffer.compare(this.#frontier.root(), opened.root) === 0;
    if (!same && this.#whole)
      this.report({
        check: 'checkpoint',
        object: this.log,
        position: size,
        what: 'it was signed over other entries than those shown today',
      });
    this.#whole &&= same;
    if (opened.cosignatures.length === 0) return;
    this.#cosigned.checkpoints++;
    this.#cosigned.last = size;
  }

  private async nextEarlier(): Promise<{ size: number; note: string } | undefined> {
    const next = await this.#earlier.next();
    return next.done ? undefined : next.value;
  }

  /** What was cut after the last checkpoint read must be of a log that has grown since; one that is larger than the log is now was taken back. */
  async finish(): Promise<WalkedLog> {
    let next = this.#next ?? (await this.nextEarlier());
    if (this.#whole) await this.#tiles.finish(); // of other entries every hash is another
    if (this.#last !== undefined && next !== undefined) {
      const now = await this.cut();
      for (; next !== undefined; next = await this.nextEarlier()) {
        if (now === undefined || next.size <= now.size) continue;
        const what = `it was signed over ${next.size} entries, and the log shows ${now.size} today`;
        this.report({ check: 'checkpoint', object: this.log, position: next.size, what });
        this.#whole = false;
      }
    }
    return this.result();
  }

  result(): WalkedLog {
    const { origin = '', size = 0, root = new Uint8Array(0) } = this.#last ?? {};
    return {
      log: this.log,
      origin,
      size,
      root: Buffer.from(root).toString('base64'),
      verified: this.#last !== undefined && this.#whole,
      checkpoints: this.#checkpoints,
      cosigned: this.#cosigned,
    };
  }

  private gap(position: number, what: string): void {
    this.#whole = false;
    this.report({ check: 'entries', object: this.log, position, what: `the entry is missing: ${what}` });
  }
}
