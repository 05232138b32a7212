import { LedgerError } from './error.js';
import { foldRight, nodeHash, requireHash } from './hash.js';
import { heights, requireSize } from './number.js';
import { tileHeight } from './tile.js';

/** Root of the full subtree over `256^level` leaves, the `index`-th of its level. Levels start at 1 here: level 0 are the leaf hashes. */
export interface CompletedHash {
  level: number;
  index: number;
  hash: Uint8Array;
}

/** The right edge of a tree: the roots of its full subtrees, all that appending needs. At most 53 hashes, whatever the size. */
export class Frontier {
  #size: number;
  readonly #edge: Uint8Array[];

  private constructor(size: number, edge: Uint8Array[]) {
    this.#size = size;
    this.#edge = edge;
  }

  static empty(): Frontier {
    return new Frontier(0, []);
  }

  /**
   * The tree of this size whose right edge was kept with `hashes()`.
   * @throws {LedgerError} `bad_size`, `bad_hash`, `bad_frontier`
   */
  static from(size: number, hashes: readonly Uint8Array[]): Frontier {
    requireSize(size, 'size');
    hashes.forEach(requireHash);
    if (hashes.length !== heights(size).length) throw new LedgerError('bad_frontier', `a tree of ${size} leaves has another right edge`);
    return new Frontier(size, [...hashes]);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Appends one leaf, by its hash.
   * @returns the tile hashes above the leaves which this leaf completes: to be stored beside the leaf hash, they never change again.
   * @throws {LedgerError} `bad_hash`
   */
  append(leaf: Uint8Array): CompletedHash[] {
    requireHash(leaf);
    const completed: CompletedHash[] = [];
    let hash = leaf;
    let behind = this.#size; // full subtrees of the current height that lie before this one
    for (let height = 1; behind % 2 === 1; height++) {
      hash = nodeHash(this.#edge.pop()!, hash);
      behind = (behind - 1) / 2;
      if (height % tileHeight === 0) completed.push({ level: height / tileHeight, index: behind, hash });
    }
    this.#edge.push(hash);
    this.#size++;
    return completed;
  }

  root(): Uint8Array {
    return foldRight(this.#edge);
  }

  /** The right edge, largest subtree first: one hash per bit of the size. */
  hashes(): Uint8Array[] {
    return [...this.#edge];
  }
}
