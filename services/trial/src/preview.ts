/** What partners would get of a statement that has not left yet, told to those who watch. */
import type { Federation } from './federation.js';
import type { Narrator } from './narrate.js';
import { type PreviewedPart, partsTable } from './present.js';

interface Previewed {
  addressee: string;
  permitted: boolean;
  reason?: string;
  parts: PreviewedPart[];
}

export function tellPreviews(federation: Federation, previews: Previewed[], narrator: Narrator): void {
  for (const { addressee, permitted, reason, parts } of previews) {
    narrator.say(`${titleOf(federation, addressee)}${permitted ? '' : `: nothing. ${reason}`}`);
    if (permitted) narrator.table(partsTable(parts));
  }
}

const titleOf = (federation: Federation, id: string): string => federation.members.find((m) => m.agency.id === id)?.agency.title ?? id;
