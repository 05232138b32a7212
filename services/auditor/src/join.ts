/**
 * Matches two streams one to one by key, and holds only what has not met its other half yet: where both come in about the same order, almost nothing,
 * however long they are.
 */
export class Join<L, R> {
  readonly #left: Map<string, L>;
  readonly #right: Map<string, R>;

  /** @param left what was waiting in an earlier run */
  constructor(left: Iterable<[string, L]> = [], right: Iterable<[string, R]> = []) {
    this.#left = new Map(left);
    this.#right = new Map(right);
  }

  /** The other half, if it is already here; both are then forgotten. */
  addLeft(key: string, left: L): R | undefined {
    const right = this.#right.get(key);
    if (right === undefined) this.#left.set(key, left);
    else this.#right.delete(key);
    return right;
  }

  addRight(key: string, right: R): L | undefined {
    const left = this.#left.get(key);
    if (left === undefined) this.#right.set(key, right);
    else this.#left.delete(key);
    return left;
  }

  /** What is waiting for a right half. */
  get left(): ReadonlyMap<string, L> {
    return this.#left;
  }

  get right(): ReadonlyMap<string, R> {
    return this.#right;
  }

  dropLeft(key: string): void {
    this.#left.delete(key);
  }
}
