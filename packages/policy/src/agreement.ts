import { codeList, type DataClass, dataClasses, type Json } from '@entente/statement';
import type { LastPositions } from './denunciation.js';
import { PolicyError } from './errors.js';
import type { AgreementAct } from './standing.js';

export type Onward = 'none' | 'originator_consent' | 'named';
export type ReleaseMode = 'automatic' | 'second_officer';

/** Who may send what to whom, and on which terms. An empty list in it grants nothing. */
export interface Grant {
  from: string[];
  to: string[];
  kinds: string[];
  classes: DataClass[];
  purposes: string[];
  /** the strictest markings that this grant covers; what is marked higher needs another one */
  handling_ceiling: { tlp: string; classification: string };
  retention_days: number;
  onward: Onward;
  release: ReleaseMode;
}

/** The payload of a signed agreement (docs/protocol.md 8). Times are seconds since the epoch. */
export interface Agreement {
  id: string;
  version: number;
  title: string;
  /** citation of the instrument of law that it rests on */
  instrument: string;
  parties: string[];
  effective: number;
  expires: number;
  /** digest of the version that it replaces between those who have signed both */
  supersedes?: string;
  grants: Grant[];
  /** how long what was released before the end may still arrive */
  grace_hours: number;
}

export interface SignedAgreement {
  digest: string;
  agreement: Agreement;
  /** parties whose signature was verified */
  signedBy: string[];
  /** what the parties have said of it since */
  acts?: readonly AgreementAct[];
  answers?: readonly LastPositions[];
}

type Reader<T> = (value: Json | undefined) => value is T & Json;

const isText: Reader<string> = (value): value is string => typeof value === 'string' && value.length > 0 && value.length <= 1000;
const isTexts: Reader<string[]> = (value): value is string[] =>
  Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;
const isWhole: Reader<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isDigest: Reader<string> = (value): value is string => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value);
const isEntityId: Reader<string> = (value): value is string => typeof value === 'string' && /^https:\/\/[^\s?#]{1,255}$/.test(value);
const among =
  <T extends string>(values: readonly T[]): Reader<T> =>
  (value): value is T =>
    (values as readonly (Json | undefined)[]).includes(value);
const listOf =
  <T>(item: Reader<T>): Reader<T[]> =>
  (value): value is T[] & Json =>
    Array.isArray(value) && value.every(item) && new Set(value).size === value.length;

const codes = (list: string): string[] => codeList(list).codes.map(({ code }) => code);

const agreementMembers = {
  id: isText,
  version: isWhole,
  title: isText,
  instrument: isText,
  parties: listOf(isEntityId),
  effective: isWhole,
  expires: isWhole,
  grants: (value: Json | undefined): value is Json[] => Array.isArray(value),
  grace_hours: isWhole,
};
const ceilingMembers = { tlp: among(codes('tlp')), classification: among(codes('classification-level')) };
const grantMembers = {
  from: listOf(isEntityId),
  to: listOf(isEntityId),
  kinds: isTexts,
  classes: listOf(among(dataClasses)),
  purposes: isTexts,
  handling_ceiling: (value: Json | undefined): value is Json => has(value, ceilingMembers),
  retention_days: isWhole,
  onward: among<Onward>(['none', 'originator_consent', 'named']),
  release: among<ReleaseMode>(['automatic', 'second_officer']),
};

/**
 * Reads the payload of an agreement. Nothing is added and nothing is left out: a member that we do not know
 * could be a condition.
 *
 * @throws PolicyError bad_agreement, unknown_party
 */
export function parseAgreement(payload: Json): Agreement {
  if (!has(payload, agreementMembers, { supersedes: isDigest })) throw new PolicyError('bad_agreement', misfit(payload, agreementMembers));
  const agreement = payload as unknown as Agreement;
  const parties = new Set(agreement.parties);
  if (parties.size < 2) throw new PolicyError('bad_agreement', 'parties');
  if (agreement.version < 1) throw new PolicyError('bad_agreement', 'version');
  if (agreement.expires <= agreement.effective) throw new PolicyError('bad_agreement', 'expires');
  agreement.grants.forEach((grant, at) => {
    const place = `grants/${at}`;
    if (!has(grant as unknown as Json, grantMembers))
      throw new PolicyError('bad_agreement', `${place}/${misfit(grant as unknown as Json, grantMembers)}`);
    const stranger = [...grant.from, ...grant.to].find((node) => !parties.has(node));
    if (stranger !== undefined) throw new PolicyError('unknown_party', `${place} names ${stranger}`);
  });
  return agreement;
}

type Members = Record<string, (value: Json | undefined) => boolean>;

function has(value: Json | undefined, required: Members, optional: Members = {}): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (!Object.entries(required).every(([name, fits]) => Object.hasOwn(value, name) && fits(value[name]))) return false;
  return Object.keys(value).every(
    (name) => Object.hasOwn(required, name) || (Object.hasOwn(optional, name) && optional[name]!(value[name])),
  );
}

function misfit(value: Json | undefined, members: Members): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not an object';
  return Object.entries(members).find(([name, fits]) => !fits(value[name]))?.[0] ?? 'a member that is not known';
}

export const isSignedBy = ({ agreement, signedBy }: SignedAgreement, ...nodes: string[]): boolean =>
  nodes.every((node) => agreement.parties.includes(node) && signedBy.includes(node));

export const isInTime = ({ agreement }: SignedAgreement, at: number): boolean => agreement.effective <= at && at < agreement.expires;

/** A version that took effect replaces the older one for good, also after its own end, between those who have signed both. */
export const replaces = (newer: SignedAgreement, older: SignedAgreement, now: number): boolean =>
  newer.digest !== older.digest &&
  newer.agreement.effective <= now &&
  (newer.agreement.supersedes === older.digest ||
    (newer.agreement.id === older.agreement.id && newer.agreement.version > older.agreement.version));
