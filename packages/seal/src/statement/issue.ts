import type { Permit } from '@entente/policy';
import { type Kind, layout, type OpenClaims, type StatementInput } from '@entente/statement';
import { digestOf } from '#bytes';
import { SealError } from '../errors.js';
import { signCompact } from '../identity/compact.js';
import type { Digest, Random, Signer } from '../identity/keys.js';
import { type JsonObject, writeStrict } from '../identity/strict-json.js';
import { readOpenClaims } from './claims.js';
import { hashName, maximumDisclosureBytes, maximumDisclosures, statementTyp } from './digests.js';
import { Discloser, type Disclosure } from './disclose.js';

export interface IssueRequest {
  input: StatementInput;
  kind: Kind;
  /** the originator's entity id */
  iss: string;
  iat: number;
  /** `urn:uuid:` and a UUID of version 7 */
  jti: string;
  signer: Signer;
  random: Random;
}

export interface IssuedStatement {
  /** the issuer-signed JWT without disclosures */
  jwt: string;
  /** SHA-256 of its ASCII: the statement's name everywhere */
  digest: Digest;
  claims: OpenClaims;
  /** all parts, containers before what is in them */
  disclosures: Disclosure[];
}

/**
 * Signs a statement as SD-JWT (RFC 9901). The input must have passed the full validation of its kind.
 *
 * @throws SealError bad_claims, bad_number, lone_surrogate, too_deep, too_large, reserved_name: what a strict reader would refuse
 */
export async function issueStatement({ input, kind, iss, iat, jti, signer, random }: IssueRequest): Promise<IssuedStatement> {
  const { body, rel } = layout(kind, input);
  const discloser = new Discloser(random);
  const claims = {
    iss,
    iat,
    jti,
    kind: kind.name,
    ver: kind.ver,
    exercise: input.exercise,
    lang: input.lang,
    valid_from: numericDate(input.valid_from),
    valid_until: numericDate(input.valid_until),
    handling: input.handling,
    legal_basis: input.legal_basis,
    ...(rel === undefined ? {} : { rel: discloser.array(rel) }),
    body: discloser.object(body),
    _sd_alg: hashName,
  };
  assertOpenable(claims as unknown as JsonObject, discloser.disclosures);
  const jwt = await signCompact(statementTyp, writeStrict(claims), signer);
  return { jwt, digest: digestOf(jwt), claims: claims as OpenClaims, disclosures: discloser.disclosures };
}

/** What every recipient will check, as far as it costs nothing: claims, number, size, no digest twice. */
function assertOpenable(claims: JsonObject, disclosures: readonly Disclosure[]): void {
  readOpenClaims(claims);
  const bytes = disclosures.reduce((sum, { text }) => sum + text.length, 0);
  if (disclosures.length > maximumDisclosures || bytes > maximumDisclosureBytes) throw new SealError('too_large', 'disclosures');
  if (new Set(disclosures.map(({ digest }) => digest)).size !== disclosures.length) throw new SealError('duplicate_digest');
}

function numericDate(time: string): number {
  const milliseconds = Date.parse(time);
  if (Number.isNaN(milliseconds)) throw new SealError('bad_claims', 'valid_from, valid_until');
  return Math.floor(milliseconds / 1000);
}

/**
 * Exactly the disclosures that a permit releases.
 *
 * @throws SealError permit_mismatch when the permit was given for other parts than the statement has
 */
export function select({ disclosures }: { disclosures: readonly Disclosure[] }, permit: Permit): Disclosure[] {
  const released = new Map(permit.released.map(({ part }) => [part.pointer, part.dataClass]));
  const selected = disclosures.filter(({ pointer, dataClass }) => released.get(pointer) === dataClass);
  if (selected.length !== released.size) throw new SealError('permit_mismatch', 'parts');
  return selected;
}
