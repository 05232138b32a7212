/** The people of an agency in a trial, each with a token of the agency's local issuer. */
import { join } from 'node:path';
import type { Agency } from './agency.js';
import { programs, runProgram } from './programs.js';

/** Pseudonyms as the agencies' own directories give them; nobody real stands behind them. */
export const people = {
  analyst: { role: 'ANALYST', pseudonym: 'officer-41' },
  releaser: { role: 'RELEASER', pseudonym: 'officer-07' },
  auditor: { role: 'AUDITOR', pseudonym: 'auditor-03' },
  administrator: { role: 'ADMIN', pseudonym: 'administrator-01' },
} as const;
export type Person = keyof typeof people;
export type Tokens = Record<Person, string>;

export async function tokensFor(agency: Agency, lifetime = '12h'): Promise<Tokens> {
  const made = (Object.keys(people) as Person[]).map(async (person) => {
    const { role, pseudonym } = people[person];
    const config = join(agency.folder, 'entente.json');
    const args = [
      'token',
      '--config',
      config,
      '--role',
      role,
      '--name',
      pseudonym,
      '--unit',
      `${agency.country}-TRIAL`,
      '--lifetime',
      lifetime,
    ];
    return [person, (await runProgram(programs.cli, args)).stdout.trim()] as const;
  });
  return Object.fromEntries(await Promise.all(made)) as Tokens;
}
