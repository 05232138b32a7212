/** Chance that can be had again: the same seed gives the same hunt. */
export interface Chance {
  /** From 0 up to and without `below`. */
  whole(below: number): number;
  one<T>(of: readonly T[]): T;
  some<T>(of: readonly T[]): T[];
}

/** Mulberry32: small, and even enough to choose cases by. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const whole = (below: number) => Math.floor(next() * below);
  return { whole, one: (of) => of[whole(of.length)]!, some: (of) => of.filter(() => whole(3) > 0) };
}
