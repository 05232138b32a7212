/** Every byte that crossed each wire, held against what the oracle allows. */
import type { Member } from '../federation.js';
import { readable } from '../leaks.js';
import { mayCross } from './oracle.js';
import type { World } from './world.js';

export interface Leak {
  from: string;
  to: string;
  value: string;
}

/** Ways on which one value that was rightly sent is taken for a leak: the hunt must find it. */
export type Planted = 'told' | 'passed_on';

export interface Compared {
  /** Values held against each wire. */
  cases: number;
  /** Values that rightly crossed: a hunt in which nothing crosses finds nothing. */
  crossed: number;
  /** Those of them that another agency than their originator sent. */
  passed_on: number;
  bytes_checked: number;
  leaks: Leak[];
}

export async function compare({ members, alerts, talk, shown }: World, plant: readonly Planted[]): Promise<Compared> {
  const found: Compared = { cases: 0, crossed: 0, passed_on: 0, bytes_checked: 0, leaks: [] };
  const planted = new Set(plant);
  for (const [from, to] of pairs(members)) {
    // Both connections between the two: the one on which `from` answers, and the one on which it asks.
    const wire = (await from.wire.sentTo(to.agency.name)) + (await to.wire.receivedFrom(from.agency.name));
    found.bytes_checked += Buffer.byteLength(wire);
    const text = readable(wire);
    for (const told of [...alerts, ...talk]) {
      for (const canary of told.canaries) {
        found.cases += 1;
        if (!text.includes(canary.value)) continue;
        const act = mayCross(told, canary, from.agency.id, to.agency.id);
        const way: Planted = act?.consent ? 'passed_on' : 'told';
        if (!act || planted.delete(way)) found.leaks.push({ from: from.agency.name, to: to.agency.name, value: canary.value });
        else found.crossed += 1;
        if (act?.consent) found.passed_on += 1;
      }
    }
  }
  const nameOf = (id: string) => members.find(({ agency }) => agency.id === id)!.agency.name;
  for (const { at, value } of shown) found.leaks.push({ from: nameOf(at), to: `officers of ${nameOf(at)}`, value });
  return found;
}

const pairs = (members: Member[]): [Member, Member][] =>
  members.flatMap((from) => members.filter((to) => to !== from).map((to): [Member, Member] => [from, to]));
