/** What befalls the agencies while they exchange: every fault once, in an order by chance, then every one again. */
import type { AgreementPayload } from '../agreement.js';
import { agreements } from './agreements.js';
import { clocks } from './clocks.js';
import { failOver } from './fail-over.js';
import { keys } from './keys.js';
import { kills } from './kills.js';
import { lines } from './lines.js';
import { recalls } from './recalls.js';
import { restores } from './restores.js';
import { storage } from './storage.js';
import type { Fault, Storm } from './storm.js';

export interface Faults {
  /** The next fault. In words, for whoever looks on. */
  strike(): Promise<string>;
  /** What has not befallen anybody, and what cannot on this machine. */
  notTried(): string[];
}

/** `agreement` is in force between all. */
export function faultsOf(storm: Storm, agreement: AgreementPayload): Faults {
  const all: Fault[] = [
    ...kills(storm),
    ...failOver(storm),
    ...lines(storm),
    ...clocks(storm),
    ...restores(storm),
    ...keys(storm),
    ...agreements(storm, agreement),
    ...recalls(storm),
    ...storage(storm),
  ];
  const possible = all.filter(({ impossible }) => impossible === undefined);
  const tried = new Set<Fault>();
  let deck: Fault[] = [];
  return {
    strike: async () => {
      if (deck.length === 0) deck = storm.random.shuffled(possible);
      const fault = deck.pop()!;
      const words = await fault.strike();
      tried.add(fault);
      return words;
    },
    notTried: () =>
      all.filter((fault) => !tried.has(fault)).map(({ name, impossible }) => (impossible ? `${name}: ${impossible}` : `${name}: no time`)),
  };
}
