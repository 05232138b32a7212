import places from '../../data/amendment-places.json' with { type: 'json' };
import { roleBySection } from '../wco/parties.js';

/** Where a class of the WCO data model stands in a shipment, seen from the class above it. */
export type Place =
  /** Its attributes stand among those of the class above. */
  | { same: true }
  | { member: string }
  /** An element of a list: the one whose `numberedBy` is the pointer's sequence number, or the one at that position. */
  | { list: string; numberedBy?: string }
  | { role: string };

interface ListPlace {
  member: string;
  numbered_by?: string;
}

const same: ReadonlySet<string> = new Set(places.same);
const members: ReadonlyMap<string, string> = new Map(Object.entries(places.members));
const lists: ReadonlyMap<string, ListPlace> = new Map(Object.entries(places.lists));
const tags: ReadonlyMap<string, string> = new Map(Object.entries(places.tags));

/** Lists whose elements carry what tells them apart; parties are told apart by their role. */
export const identifyingMember: ReadonlyMap<string, string> = new Map([
  ['parties', 'role'],
  ...[...lists.values()].flatMap((list): [string, string][] => (list.numbered_by === undefined ? [] : [[list.member, list.numbered_by]])),
]);

export function placeOf(section: string, above: string | undefined): Place | undefined {
  if (same.has(section) || same.has(`${above}/${section}`)) return { same: true };
  const member = members.get(section);
  if (member !== undefined) return { member };
  const list = lists.get(section);
  if (list !== undefined) return { list: list.member, ...(list.numbered_by !== undefined && { numberedBy: list.numbered_by }) };
  const role = roleBySection.get(section);
  return role === undefined ? undefined : { role };
}

/** The member for an attribute; a few identifiers mean another member in some classes. */
export function memberOf(tag: string, section: string | undefined, above: string | undefined): string | undefined {
  return tags.get(`${section}/${tag}`) ?? tags.get(`${above}/${tag}`) ?? tags.get(tag);
}
