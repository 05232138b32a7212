/** The people of an agency in a trial, each with a token of the agency's local issuer. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PrivateJwk, signCompact } from '@entente/seal';
import { nodeSigner } from '@entente/seal/node';
import type { Agency } from './agency.js';

/** Pseudonyms as the agencies' own directories give them; nobody real stands behind them. */
export const people = {
  analyst: { role: 'ANALYST', pseudonym: 'officer-41' },
  releaser: { role: 'RELEASER', pseudonym: 'officer-07' },
  duty: { role: 'CONTACT_POINT_24_7', pseudonym: 'officer-24' },
  head: { role: 'HEAD', pseudonym: 'officer-01' },
  dpo: { role: 'DPO', pseudonym: 'officer-11' },
  auditor: { role: 'AUDITOR', pseudonym: 'auditor-03' },
  administrator: { role: 'ADMIN', pseudonym: 'administrator-01' },
} as const;
export type Person = keyof typeof people;
export type Tokens = Record<Person, string>;

interface LocalIssuer {
  issuer: string;
  key_file: string;
  audience: string;
}

export async function tokensFor(agency: Agency): Promise<Tokens> {
  const made = (Object.keys(people) as Person[]).map(async (person) => {
    const { role, pseudonym } = people[person];
    return [person, await tokenOf(agency, pseudonym, [role])] as const;
  });
  return Object.fromEntries(await Promise.all(made)) as Tokens;
}

/** Signed as `entente token` does, in this process: a dozen of them are made while the nodes start. */
export async function tokenOf(agency: Agency, pseudonym: string, roles: string[], hours = 12): Promise<string> {
  const { local_issuer } = await json<{ local_issuer: LocalIssuer }>(join(agency.folder, 'entente.json'));
  const signer = nodeSigner(await json<PrivateJwk>(join(agency.folder, local_issuer.key_file)));
  const iat = Math.floor(Date.now() / 1000);
  const common = { iss: local_issuer.issuer, aud: local_issuer.audience, iat, exp: iat + hours * 3600, unit: `${agency.country}-TRIAL` };
  return await signCompact('JWT', { ...common, jti: randomUUID(), sub: pseudonym, entente_roles: roles }, signer);
}

const json = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;
