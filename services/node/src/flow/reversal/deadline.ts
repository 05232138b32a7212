/** Time limits are data: the list `deadline`. Working days are Monday to Friday, UTC. */
import { codeOf, type Term } from '@entente/statement';

const HOUR = 3600;
const DAY = 24 * HOUR;

export function deadlineOf(key: string): Term {
  const found = codeOf('deadline', key) as { hours?: number; days?: number; clock?: string } | undefined;
  if (!found) throw new Error(`there is no deadline ${key}`);
  const { hours, days = 0, clock } = found;
  if (hours !== undefined) return { hours };
  return clock === 'working' ? { working_days: days } : { days };
}

/** @param from seconds since the epoch */
export function afterTerm(from: number, { hours = 0, days = 0, working_days = 0 }: Term): number {
  let at = from + hours * HOUR + days * DAY;
  for (let left = working_days; left > 0; ) {
    at += DAY;
    const weekday = new Date(at * 1000).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return at;
}
