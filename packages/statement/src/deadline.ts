import { codeOf } from './code-lists.js';
import type { Term } from './kinds/kind.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A time limit of the list `deadline`: they are data. Working days are Monday to Friday, UTC. */
export function deadlineOf(key: string): Term {
  const found = codeOf('deadline', key) as { hours?: number; days?: number; months?: number; clock?: string } | undefined;
  if (!found) throw new Error(`there is no deadline ${key}`);
  const { hours, months, days = 0, clock } = found;
  if (hours !== undefined) return { hours };
  if (months !== undefined) return { months };
  return clock === 'working' ? { working_days: days } : { days };
}

/** @param from seconds since the epoch */
export function afterTerm(from: number, { hours = 0, days = 0, months = 0, working_days = 0 }: Term): number {
  let at = afterMonths(from, months) + hours * HOUR + days * DAY;
  for (let left = working_days; left > 0; ) {
    at += DAY;
    const weekday = new Date(at * 1000).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return at;
}

/** The same day and time, or the last day of a month that is shorter (Regulation (EEC, Euratom) 1182/71 Art. 3(2)(c)). */
function afterMonths(from: number, months: number): number {
  const start = new Date(from * 1000);
  const end = new Date(start);
  end.setUTCMonth(start.getUTCMonth() + months);
  if (end.getUTCDate() !== start.getUTCDate()) end.setUTCDate(0);
  return end.getTime() / 1000;
}
