import { checkpointText, Frontier, LedgerError, leafHash, type OpenedCheckpoint } from '@entente/ledger';
import { type Report, reporting } from './finding.js';
import { type Identity, logName } from './identity.js';
import { openLogCheckpoint } from './log-checkpoint.js';
import type { AuditSource, LogName } from './source.js';
import { TileCheck, type TileState } from './tile-check.js';

export interface WalkedLog {
  log: LogName;
  epoch: number;
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

/** How far a log was walked, as it is kept between two runs. */
export interface WalkState {
  size: number;
  /** Right edge of the tree, base64. */
  edge: string[];
  checkpoints: number;
  /** Size from which on earlier checkpoints are still to be compared. */
  compareFrom: number;
  cosigned: WalkedLog['cosigned'];
  whole: boolean;
  tiles: TileState;
}

/** Follows one log from its first leaf, from checkpoint to checkpoint. Holds the right edge of the tree, never the entries. */
export class LogWalk {
  readonly #frontier: Frontier;
  readonly #earlier: AsyncIterator<{ size: number; note: string }>;
  readonly #cosigned: WalkedLog['cosigned'];
  readonly #tiles: TileCheck;
  #next: { size: number; note: string } | undefined;
  #checkpoints: number;
  #compareFrom: number;
  #whole: boolean;
  #last: OpenedCheckpoint | undefined;

  constructor(
    readonly log: LogName,
    readonly epoch: number,
    private readonly source: AuditSource,
    private readonly identity: Pick<Identity, 'id' | 'epoch' | 'logKeys' | 'peers'>,
    private readonly report: Report,
    before?: WalkState,
  ) {
    this.#frontier = Frontier.from(
      before?.size ?? 0,
      (before?.edge ?? []).map((hash) => new Uint8Array(Buffer.from(hash, 'base64'))),
    );
    this.#cosigned = before?.cosigned ?? { checkpoints: 0, last: 0 };
    this.#checkpoints = before?.checkpoints ?? 0;
    this.#whole = before?.whole ?? true;
    this.#tiles = new TileCheck(log, epoch, source, report, before?.tiles);
    this.#compareFrom = before?.compareFrom ?? 0;
    this.#earlier = source.checkpoints(log, epoch, this.#compareFrom)[Symbol.asyncIterator]();
  }

  /** At a leaf that was read. */
  save(): WalkState {
    return {
      size: this.#frontier.size,
      edge: this.#frontier.hashes().map((hash) => Buffer.from(hash).toString('base64')),
      checkpoints: this.#checkpoints,
      compareFrom: this.#compareFrom,
      cosigned: { ...this.#cosigned },
      whole: this.#whole,
      tiles: this.#tiles.save(),
    };
  }

  /** Has a checkpoint cut and opens it. Of the present epoch only. */
  async cut(): Promise<OpenedCheckpoint | undefined> {
    return this.open(await this.source.cutCheckpoint(this.log));
  }

  /** Undefined, with a finding, when it is not the log's own. */
  async open(note: string): Promise<OpenedCheckpoint | undefined> {
    return reporting(this.report, { check: 'checkpoint', object: this.log, position: null }, async () => {
      const checkpoint = await openLogCheckpoint(this.identity, this, note);
      if (checkpoint.size < this.#frontier.size)
        throw new LedgerError('bad_checkpoint', `the log has shrunk from ${this.#frontier.size} to ${checkpoint.size}`);
      return checkpoint;
    });
  }

  /** Reads on up to a checkpoint and compares the root: of the entries themselves, so that two checkpoints reached in a row are also consistent. */
  async *readTo(checkpoint: OpenedCheckpoint): AsyncGenerator<WalkedEntry> {
    yield* this.read(checkpoint.size);
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
    await this.compareEarlier();
    this.#last = checkpoint;
  }

  /** Reads a log that has ended, of this size as the node says. What the next epoch says of its end is for the caller to compare. */
  async *readToEnd(size: number): AsyncGenerator<WalkedEntry> {
    yield* this.read(size);
    await this.compareEarlier();
    this.#last = { origin: logName(this.identity.id, this.log, this.epoch), size, root: this.#frontier.root(), cosignatures: [] };
  }

  /** What a backup had beyond the last full block of an epoch that ended with it: objects are named there, and nothing proves it. */
  async *readBeyond(): AsyncGenerator<WalkedEntry> {
    const { size } = this.#frontier;
    for await (const { position, leaf } of this.source.entries(this.log, this.epoch, size, Number.MAX_SAFE_INTEGER))
      yield { bytes: new TextEncoder().encode(leaf), position };
  }

  private async *read(end: number): AsyncGenerator<WalkedEntry> {
    const encoder = new TextEncoder();
    let expected = this.#frontier.size;
    for await (const { position, leaf } of this.source.entries(this.log, this.epoch, expected, end)) {
      if (position !== expected) this.gap(expected, `position ${position} comes instead`);
      expected = position + 1;
      const bytes = encoder.encode(leaf);
      const hash = leafHash(bytes);
      await this.#tiles.add(hash, this.#frontier.size, this.#frontier.append(hash));
      if (expected < end) await this.compareEarlier(); // the ones of just this size come after its own root
      yield { bytes, position };
    }
    if (expected < end) this.gap(expected, `the log has ${end} entries`);
  }

  /** Whatever the node once signed of its log must be the beginning of what it shows today. */
  private async compareEarlier(): Promise<void> {
    this.#next ??= await this.nextEarlier();
    while (this.#next !== undefined && this.#next.size <= this.#frontier.size) {
      const { size, note } = this.#next;
      const about = { check: 'checkpoint', object: this.log, position: size } as const;
      const opened = await reporting(this.report, about, () => openLogCheckpoint(this.identity, this, note));
      this.#checkpoints++;
      this.#compareFrom = size + 1;
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
      const now = this.ended ? this.#last : await this.cut();
      for (; next !== undefined; next = await this.nextEarlier()) {
        if (now === undefined || next.size <= now.size) continue;
        const what = `it was signed over ${next.size} entries, and the log shows ${now.size} today`;
        this.report({ check: 'checkpoint', object: this.log, position: next.size, what });
        this.#whole = false;
      }
    }
    return this.result();
  }

  /** The checkpoint that a log which was read to its end would have: what the next epoch says of it. */
  endText(): string {
    const { origin, size, root } = this.#last!;
    return checkpointText({ origin, size, root });
  }

  result(): WalkedLog {
    const { origin = '', size = 0, root = new Uint8Array(0) } = this.#last ?? {};
    return {
      log: this.log,
      epoch: this.epoch,
      origin,
      size,
      root: Buffer.from(root).toString('base64'),
      verified: this.#last !== undefined && this.#whole,
      checkpoints: this.#checkpoints,
      cosigned: this.#cosigned,
    };
  }

  private get ended(): boolean {
    return this.epoch !== this.identity.epoch;
  }

  private gap(position: number, what: string): void {
    this.#whole = false;
    this.report({ check: 'entries', object: this.log, position, what: `the entry is missing: ${what}` });
  }
}
