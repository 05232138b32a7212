import roles from '../../data/party-roles.json' with { type: 'json' };
import { compact } from './compact.js';
import type { Address, Party } from './consignment.js';
import { all, type Element, one, textAt } from './element.js';

const roleByElement: ReadonlyMap<string, string> = new Map(roles.codes.map((code) => [code.element, code.role]));
export const roleBySection: ReadonlyMap<string, string> = new Map(roles.codes.map((code) => [code.section, code.role]));

/** The parties that stand directly under an element, in the order of the message. */
export function partiesUnder(element: Element | undefined): Party[] {
  return (element?.children ?? []).flatMap((child) => {
    const role = roleByElement.get(child.name);
    return role === undefined ? [] : partyOf(child, role);
  });
}

/** An Agent without name and number only says that there is none: self-representation. */
function partyOf(element: Element, role: string): Party[] {
  const contacts = all(element, 'Contact').flatMap((contact) => textAt(contact, 'Name') ?? []);
  const communications = all(element, 'Communication').map((at) => compact({ number: textAt(at, 'ID'), type: textAt(at, 'TypeCode') }));
  const party = compact({
    role,
    name: textAt(element, 'Name'),
    number: textAt(element, 'ID'),
    address: addressOf(one(element, 'Address')),
    contacts: contacts.length > 0 ? contacts : undefined,
    communications: communications.length > 0 ? communications : undefined,
  });
  return Object.keys(party).length > 1 ? [party] : [];
}

function addressOf(element: Element | undefined): Address | undefined {
  if (element === undefined) return undefined;
  const lines = all(element, 'Line').flatMap((line) => (line.text === '' ? [] : line.text));
  const address = compact({
    lines: lines.length > 0 ? lines : undefined,
    city: textAt(element, 'CityName'),
    region: textAt(element, 'CountrySubDivisionCode') ?? textAt(element, 'CountrySubDivisionName'),
    postcode: textAt(element, 'PostcodeID'),
    country: textAt(element, 'CountryCode'),
  });
  return Object.keys(address).length > 0 ? address : undefined;
}
