import { type CompletedHash, tileWidth } from '@entente/ledger';
import type { Report } from './finding.js';
import type { AuditSource, LogName } from './source.js';

interface Open {
  first: number;
  hashes: Uint8Array[];
}

/** What is open, as it is kept between two runs: hashes in base64. */
export type TileState = [level: number, first: number, hashes: string[]][];

/**
 * Compares the hashes that a node stores of its tree (C2SP tiles) with those that its entries give: proofs are made of the stored ones, and
 * one that was altered makes proofs fail long after. Holds one tile of each level.
 */
export class TileCheck {
  readonly #open = new Map<number, Open>();

  constructor(
    private readonly log: LogName,
    private readonly epoch: number,
    private readonly source: Pick<AuditSource, 'tile'>,
    private readonly report: Report,
    before: TileState = [],
  ) {
    for (const [level, first, hashes] of before)
      this.#open.set(level, { first, hashes: hashes.map((hash) => new Uint8Array(Buffer.from(hash, 'base64'))) });
  }

  save(): TileState {
    return [...this.#open].map(([level, { first, hashes }]) => [level, first, hashes.map((hash) => Buffer.from(hash).toString('base64'))]);
  }

  /** The hash of a leaf, and what it completed above. */
  async add(leafHash: Uint8Array, position: number, completed: readonly CompletedHash[]): Promise<void> {
    await this.push(0, position, leafHash);
    for (const { level, index, hash } of completed) await this.push(level, index, hash);
  }

  /** What is left of tiles that are not full. */
  async finish(): Promise<void> {
    for (const [level, open] of [...this.#open].sort(([a], [b]) => a - b)) await this.compare(level, open);
    this.#open.clear();
  }

  private async push(level: number, index: number, hash: Uint8Array): Promise<void> {
    const open = this.#open.get(level) ?? { first: index, hashes: [] };
    open.hashes.push(hash);
    this.#open.set(level, open);
    if (open.hashes.length < tileWidth) return;
    await this.compare(level, open);
    this.#open.delete(level);
  }

  private async compare(level: number, { first, hashes }: Open): Promise<void> {
    const stored = await this.source.tile(this.log, this.epoch, level, Math.floor(first / tileWidth), hashes.length);
    if (stored !== undefined && Buffer.compare(stored, Buffer.concat(hashes)) === 0) return;
    const what = stored === undefined ? 'the tile is missing' : `the stored hashes are not those of the entries`;
    this.report({ check: 'tile', object: `${this.log} level ${level}`, position: first, what });
  }
}
