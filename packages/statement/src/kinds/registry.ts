import { alert } from './alert.js';
import { compliance } from './compliance.js';
import { consent } from './consent.js';
import { consentRequest } from './consent-request.js';
import { correction } from './correction.js';
import type { Kind } from './kind.js';
import { recall } from './recall.js';
import { sighting } from './sighting.js';

/** Every kind that this version knows. A new kind is its file and one line here. */
const known: readonly Kind[] = [alert, sighting, recall, correction, compliance, consentRequest, consent];

/** By name, in the newest version. */
export const kinds: ReadonlyMap<string, Kind> = new Map(known.map((kind) => [kind.name, kind]));

export function kindOf(kind: string, ver: string): Kind | undefined {
  return known.find((k) => k.name === kind && k.ver === ver);
}

/** Whether an agency of this type may send statements of the kind. */
export function maySend(kind: Kind, agencyType: string): boolean {
  return kind.senders.includes(agencyType);
}

/** Whether statements of the kind go without a grant, see `Kind.ungranted`. */
export const isUngranted = (kind: string): boolean => kinds.get(kind)?.ungranted === true;
