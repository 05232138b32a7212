/** How often each of many may ask: evenly, with a burst at the beginning, and in memory that does not grow with the number of strangers. */
export interface Pace {
  /**
   * Milliseconds until it is this one's turn, 0 for now. Its turn is taken when it need wait no longer than `patience` milliseconds; a longer
   * wait is told, and takes nothing.
   */
  take(who: string, patience?: number): number;
}

/** Of more the one that has not asked for the longest time is forgotten, which does it good. */
const REMEMBERED = 10_000;

/** `burst` may come at once. `clock` in milliseconds. */
export function paceOf({ perMinute, burst }: { perMinute: number; burst: number }, clock: () => number = () => performance.now()): Pace {
  const between = 60_000 / perMinute;
  const ahead = (burst - 1) * between;
  const due = new Map<string, number>();
  return {
    take: (who, patience = 0) => {
      const now = clock();
      const at = Math.max(due.get(who) ?? now, now);
      const wait = Math.max(0, Math.ceil(at - ahead - now));
      if (wait > patience) return wait;
      due.delete(who);
      due.set(who, at + between);
      if (due.size > REMEMBERED) due.delete(due.keys().next().value!);
      return wait;
    },
  };
}
