/** From the claims of a verified token to a person with roles: pseudonym, roles, unit, as the configuration maps them. */
import type { TrustedIssuer } from './keys.js';
import { conflictOf, isRole, type Role } from './roles.js';

export interface Person {
  pseudonym: string;
  roles: readonly Role[];
  unit: string;
}

const MACHINE = 'client:';

/** A person, or in words why the claims name none. */
export function personOf(claims: Readonly<Record<string, unknown>>, issuer: Pick<TrustedIssuer, 'claims' | 'roles'>): Person | string {
  const pseudonym = claimAt(claims, issuer.claims.pseudonym) ?? machineOf(claims, issuer.claims.client);
  const unit = claimAt(claims, issuer.claims.unit) ?? '';
  if (!isName(pseudonym, 1)) return `the claim ${issuer.claims.pseudonym} names nobody`;
  if (!isName(unit, 0)) return `the claim ${issuer.claims.unit} is not the name of a unit`;
  const roles = rolesOf(claimAt(claims, issuer.claims.roles), issuer.roles);
  if (roles.length === 0) return `the claim ${issuer.claims.roles} holds no role of this node`;
  const conflict = conflictOf(roles);
  if (conflict) return `nobody may be ${conflict[0]} and ${conflict[1]} at once`;
  return { pseudonym, roles, unit };
}

/** The token of a machine names nobody but the client that it was given to (RFC 6749 section 4.4): no person's pseudonym begins like it. */
function machineOf(claims: Readonly<Record<string, unknown>>, claim: string | undefined): unknown {
  const client = claim === undefined ? undefined : claimAt(claims, claim);
  return typeof client === 'string' && client !== '' ? `${MACHINE}${client}` : undefined;
}

function rolesOf(claim: unknown, names: Readonly<Record<string, string>>): Role[] {
  const held = (Array.isArray(claim) ? claim : [claim]).filter((name) => typeof name === 'string');
  return [...new Set(held.map((name) => (Object.hasOwn(names, name) ? names[name] : name)).filter(isRole))];
}

/** A claim by its exact name, else by dotted path. */
function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let at: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** One line of at most 200 characters: it goes into the access log. */
const isName = (value: unknown, least: number): value is string =>
  typeof value === 'string' && value.length >= least && value.length <= 200 && !/\p{Cc}/u.test(value);
