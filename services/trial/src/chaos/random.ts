/** Chance that can be repeated: the same seed, the same faults in the same order. */
export interface Random {
  below(limit: number): number;
  chance(probability: number): boolean;
  one<T>(of: readonly T[]): T;
  /** At least one, at most all, in their order. */
  some<T>(of: readonly T[]): T[];
  /** All of them, in another order. */
  shuffled<T>(of: readonly T[]): T[];
}

/** Mulberry32: small, and good enough to choose what to break. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!;
  return {
    below,
    chance: (probability) => next() < probability,
    one,
    some: (of) => {
      const sure = one(of);
      return of.filter((item) => item === sure || next() < 0.5);
    },
    shuffled: (of) =>
      of
        .map((item) => [next(), item] as const)
        .sort(([a], [b]) => a - b)
        .map(([, item]) => item),
  };
}
