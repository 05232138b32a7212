import type { Shipment } from '../shipment/shipment.js';
import { compact } from '../wco/compact.js';
import type { Address, Party } from '../wco/consignment.js';
import { isEori, type PartyKind, partyKindOf } from './party-kind.js';
import { knownCode, lineOf } from './text.js';

interface Merged {
  kind: PartyKind;
  roles: string[];
  name?: string;
  number?: string;
  addresses: Address[];
  contacts: { type: string; value: string }[];
}

/**
 * Everybody whom the declaration names, once each with all roles, as elements `P1`, `P2` ... of an alert. Businesses come before persons, so that their
 * positions stay where persons are withheld.
 */
export function partyElements(shipment: Shipment) {
  const parties = mergeParties([...shipment.parties, ...shipment.goods.flatMap((line) => line.parties)]);
  const businesses = parties.filter((party) => party.kind === 'LEGAL');
  return [...businesses, ...parties.filter((party) => party.kind !== 'LEGAL')].map((party, index) =>
    compact({
      id: `P${index + 1}`,
      party_kind: party.kind,
      roles: party.roles,
      // A party that is declared by its number alone is called by it.
      names: [compact({ value: lineOf(party.name ?? party.number, 200), script: scriptOf(party.name), type: 'PRIMARY' })],
      identifiers: identifiersOf(party.number),
      addresses: party.addresses.length > 0 ? party.addresses.map(addressOf) : undefined,
      contacts: party.contacts.length > 0 ? party.contacts : undefined,
      // Nobody has compared the declared identity with anything yet.
      confidence: 'POSSIBLE',
    }),
  );
}

function mergeParties(declared: readonly Party[]): Merged[] {
  const merged = new Map<string, Merged>();
  for (const party of declared) {
    add(merged, party.number ?? `${party.name} ${party.address?.country}`, party);
    for (const name of party.contacts ?? []) add(merged, `${name} of ${party.number ?? party.name}`, { role: 'CONTACT_PERSON', name });
  }
  return [...merged.values()];
}

function add(merged: Map<string, Merged>, key: string, party: Party): void {
  const entry: Merged = merged.get(key) ?? { kind: 'UNKNOWN', roles: [], addresses: [], contacts: [] };
  if (!entry.roles.includes(party.role)) entry.roles.push(party.role);
  const name = entry.name ?? party.name;
  if (name !== undefined) entry.name = name;
  if (party.number !== undefined) entry.number = party.number;
  if (party.address !== undefined && entry.addresses.length === 0) entry.addresses.push(party.address);
  for (const { number, type } of party.communications ?? []) {
    const value = lineOf(number, 200);
    const kind = contactTypes.get(type);
    if (value !== undefined && kind !== undefined) entry.contacts.push({ type: kind, value });
  }
  entry.kind = partyKindOf(entry.name, entry.number);
  merged.set(key, entry);
}

/** EDIFACT 3155. */
const contactTypes: ReadonlyMap<string | undefined, string> = new Map([
  ['TE', 'PHONE'],
  ['EM', 'EMAIL'],
]);

function identifiersOf(number: string | undefined) {
  const value = lineOf(number, 64);
  if (value === undefined) return undefined;
  // Numbers of other schemes are kept as they are; the tax number is the scheme without a form of its own.
  return [{ scheme: isEori(value) ? 'EORI' : 'TIN', value }];
}

function addressOf(address: Address) {
  return compact({
    lines: address.lines?.slice(0, 6).flatMap((line) => lineOf(line, 200) ?? []),
    city: lineOf(address.city, 120),
    postcode: lineOf(address.postcode, 20),
    country: knownCode('country', address.country),
  });
}

const scripts: readonly [RegExp, string][] = [
  [/\p{Script=Latin}/u, 'Latn'],
  [/\p{Script=Cyrillic}/u, 'Cyrl'],
  [/\p{Script=Greek}/u, 'Grek'],
  [/\p{Script=Arabic}/u, 'Arab'],
  [/\p{Script=Hebrew}/u, 'Hebr'],
  [/\p{Script=Hangul}/u, 'Hang'],
  [/\p{Script=Hiragana}|\p{Script=Katakana}/u, 'Jpan'],
  [/\p{Script=Han}/u, 'Hani'],
];

/** ISO 15924 code of the first script of the table that a name is written in. */
function scriptOf(name: string | undefined): string | undefined {
  return name === undefined ? undefined : scripts.find(([pattern]) => pattern.test(name))?.[1];
}
