/** Holds what a partner got against what a person wrote down beforehand that it may get. */
import { dump } from '@entente/postgres';

/** Written by hand beside the fixtures: what one partner must see of one statement, and what it must not. */
export interface Expectation {
  /** Entity id. */
  partner: string;
  /** JSON pointers of the values that the partner sees, `/body/goods/0/quantity`. */
  visible: string[];
  /** Pointers of values that were there and are withheld from it. */
  withheld: string[];
  /** Distinctive texts of the withheld values. They must be nowhere: not in the answers, the database, the traffic. */
  secrets: string[];
}

export interface Leak {
  where: 'api' | 'database' | 'traffic';
  partner: string;
  /** A pointer, or the secret that was found. */
  what: string;
}

/** Differences between what the partner's API shows and the expectation: what is too much is a leak, what is missing a fault. */
export function compareView(expectation: Expectation, view: unknown): { leaks: Leak[]; missing: string[] } {
  const seen = new Set(leafPointers(view));
  const allowed = new Set(expectation.visible);
  const leaks = [...seen]
    .filter((pointer) => !allowed.has(pointer))
    .map((what) => ({ where: 'api' as const, partner: expectation.partner, what }));
  return { leaks, missing: expectation.visible.filter((pointer) => !seen.has(pointer)) };
}

/** JSON pointers (RFC 6901) of every value that is no object and no array, and of empty ones. */
export function leafPointers(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at];
  const members = Object.entries(value);
  if (members.length === 0) return [at];
  return members.flatMap(([name, member]) => leafPointers(member, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}

/** Secrets found in what crossed the wire towards the partner, also inside signed and encoded parts. */
export function searchTraffic(expectation: Expectation, captured: string): Leak[] {
  return search(expectation, readable(captured), 'traffic');
}

/** Secrets found in any value of any table of the partner's database. */
export async function searchDatabase(expectations: Expectation[], url: string): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for await (const { row } of dump(url)) {
    const text = readable(row);
    for (const expectation of expectations) leaks.push(...search(expectation, text, 'database'));
  }
  return leaks;
}

const search = ({ partner, secrets }: Expectation, text: string, where: Leak['where']): Leak[] =>
  secrets.filter((secret) => text.includes(secret)).map((what) => ({ where, partner, what }));

/** Base64url parts of at least this length are decoded and searched too: a JWT in a JWT in a JSON document. */
const ENCODED = /[A-Za-z0-9_-]{20,}/g;
const DEPTH = 4;

export function readable(text: string, depth = DEPTH): string {
  if (depth === 0) return text;
  const inner: string[] = [text];
  for (const [part] of text.matchAll(ENCODED)) {
    const decoded = Buffer.from(part, 'base64url').toString('utf8');
    if (!decoded.includes('\ufffd')) inner.push(readable(decoded, depth - 1));
  }
  return inner.join('\n');
}
