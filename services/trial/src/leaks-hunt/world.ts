/** What a hunt knows while it goes on: who takes part, what is agreed at this moment, what was told to whom. */
import { codesOf } from '@entente/statement';
import type { Member } from '../federation.js';
import type { Chance } from './chance.js';
import type { Grant, Told } from './oracle.js';

export const classes = ['N0', 'N1', 'C1', 'P1'];
export const purposes = ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION', 'LICENSING'];
export const markings = ['GREEN', 'AMBER', 'AMBER+STRICT'];

/** An agreement that was made, and the parties that have stopped what it lets them send and get. */
export interface Agreed {
  digest: string;
  parties: string[];
  grants: Grant[];
  stopped: Set<string>;
  denounced: Set<string>;
}

/** An alert that was issued. */
export interface Alert extends Told {
  statement: string;
  originator: string;
  recalled: boolean;
}

export interface World {
  chance: Chance;
  members: Member[];
  agreements: Agreed[];
  alerts: Alert[];
  /** What was said in asking for consent and giving it. */
  talk: Told[];
  /** How often each was done. */
  done: Record<'agreed' | 'stopped' | 'told' | 'asked' | 'relayed' | 'recalled', number>;
  /** What holders still show after they have said that they erased it. */
  shown: { at: string; value: string }[];
}

/** What is agreed between those who have not stopped it. */
export const grantsNow = ({ agreements }: World): Grant[] =>
  agreements.flatMap(({ grants, stopped, denounced }) => {
    const goesOn = (party: string) => !stopped.has(party) && !denounced.has(party);
    return grants.map((grant) => ({ ...grant, from: grant.from.filter(goesOn), to: grant.to.filter(goesOn) }));
  });

export const memberOf = ({ members }: World, id: string): Member => members.find(({ agency }) => agency.id === id)!;

export const reading = (purpose: string) => ({ purpose, justification: 'A hunt for leaks looks at what was told' });

/** The second officer's act; the digest of the statement. */
export async function releaseDraft({ api }: Member, draft: string, purpose: string): Promise<string> {
  const checklist = codesOf('release-checklist') as never;
  return (await api.release(draft, { checklist, reason: 'A hunt for leaks' }, reading(purpose))).statement;
}

/** That the rules do not let it happen is an answer too. */
export async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (refusals.includes((error as { code?: string }).code ?? '')) return undefined;
    throw error;
  }
}
const refusals = ['nothing_released', 'not_releasable', 'recalled', 'not_found', 'rules_changed'];
