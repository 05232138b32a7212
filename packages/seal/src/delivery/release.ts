import { type AgreementName, isRelay, type Onward, Permit, type RelayPermit } from '@entente/policy';
import { digestOf } from '#bytes';
import { SealError } from '../errors.js';
import { isDigest } from '../identity/canonical.js';
import { isCode, isCount, isDigestClaim, isEntityId, isList, isRecord, isText, isTexts, oneOf, readClaims } from '../identity/claims.js';
import { openCompact, signCompact } from '../identity/compact.js';
import type { Digest, FindKey, Signer } from '../identity/keys.js';
import type { JsonObject } from '../identity/strict-json.js';
import { maximumDisclosures } from '../statement/digests.js';
import type { Disclosure } from '../statement/disclose.js';
import { select } from '../statement/issue.js';
import { splitStatement } from '../statement/open.js';
import { assertAudience } from './audience.js';

/** RFC 8417 2.3. */
export const releaseTyp = 'secevent+jwt';
/** The one event of a release. */
export const releaseEvent = 'urn:uuid:26031e46-765e-4d51-a09e-ff24ed758a86';

export interface ReleaseRequest {
  iss: string;
  iat: number;
  /** 128 random bits, base64url */
  jti: string;
  statement: { jwt: string; digest: Digest };
  /** all disclosures of the statement; those that the permit releases are selected */
  disclosures: readonly Disclosure[];
}

/** What goes with a statement of another agency. */
export interface RelayRequest extends ReleaseRequest {
  /** the originator's consent, with the disclosures that this recipient must see: see consentFor */
  consent: string;
  /** the originator's entity configuration, as it published it */
  issuer: string;
}

export interface SealedRelease {
  jwt: string;
  digest: Digest;
  jti: string;
  /** travel beside the release, never inside a signature: they can be erased and every signature still holds */
  disclosed: Disclosure[];
}

/**
 * Signs the addressed act of letting one recipient see one statement: a security event token (RFC 8417) of
 * docs/protocol.md 5. Only a permit can be sealed.
 *
 * @throws SealError permit_mismatch when the permit was given for another sender or other parts, or for a relay
 */
export async function sealRelease(permit: Permit, request: ReleaseRequest, signer: Signer): Promise<SealedRelease> {
  if (!Permit.isPermit(permit) || isRelay(permit)) throw new SealError('permit_mismatch', 'relay');
  return seal(permit, request, signer);
}

/**
 * The same for what another agency has signed, with that agency's consent. The consent stays in the signature for ever: what it discloses
 * is codes, times and the names of the two nodes.
 *
 * @throws SealError permit_mismatch when the permit was given for another sender, statement or other parts
 */
export async function sealRelay(permit: RelayPermit, request: RelayRequest, signer: Signer): Promise<SealedRelease> {
  if (!Permit.isPermit(permit) || !isRelay(permit)) throw new SealError('permit_mismatch', 'no relay');
  const { digest, target } = permit.consent;
  if (target !== request.statement.digest || digest !== digestOf(splitStatement(request.consent).jwt))
    throw new SealError('permit_mismatch', 'consent');
  return seal(permit, request, signer);
}

async function seal(permit: Permit, request: ReleaseRequest & Partial<RelayRequest>, signer: Signer): Promise<SealedRelease> {
  const { iss, iat, jti, statement, disclosures, consent, issuer } = request;
  if (permit.from !== iss) throw new SealError('permit_mismatch', 'sender');
  const disclosed = select({ disclosures }, permit);
  const { agreement, terms } = permit;
  const payload = {
    iss,
    aud: permit.to,
    iat,
    jti,
    sub_id: { format: 'uri', uri: nameOf(statement.digest) },
    events: {
      [releaseEvent]: {
        statement: statement.jwt,
        disclosed: disclosed.map(({ digest }) => digest).sort(),
        agreement: { id: agreement.id, version: agreement.version, digest: agreement.digest },
        purposes: terms.purposes,
        retain_until: terms.retain_until,
        onward: terms.onward,
        transfer_basis: terms.transfer_basis,
        ...(terms.reply_by === undefined ? {} : { reply_by: terms.reply_by }),
        ...(terms.readers === undefined ? {} : { readers: terms.readers }),
        ...(consent === undefined ? {} : { consent }),
        ...(issuer === undefined ? {} : { issuer }),
      },
    },
  };
  readRelease(payload as unknown as JsonObject, statement.digest);
  const jwt = await signCompact(releaseTyp, payload as unknown as JsonObject, signer);
  return { jwt, digest: digestOf(jwt), jti, disclosed };
}

/** RFC 6920: a statement by its digest. */
const nameOf = (digest: Digest): string => `ni:///sha-256;${digest}`;

export interface Release {
  iss: string;
  aud: string;
  iat: number;
  jti: string;
  statementDigest: Digest;
  /** the issuer-signed JWT, not verified by opening the release */
  statement: string;
  /** sorted digests of the disclosures that belong to it */
  disclosed: Digest[];
  agreement: AgreementName;
  purposes: string[];
  retain_until: number;
  onward: Onward;
  transfer_basis: string;
  reply_by?: number;
  /** pseudonyms of those at the recipient who alone may read the statement */
  readers?: string[];
  consent?: string;
  issuer?: string;
}

export interface OpenedRelease extends Release {
  jwt: string;
  digest: Digest;
}

/**
 * Opens a release: form, key, signature, sender, addressee. The statement in it and its disclosures are
 * verified by openStatement, and compared with `disclosed` by assertDisclosed.
 *
 * @param iss the node that the connection belongs to
 * @throws SealError wrong_issuer, wrong_audience, wrong_statement, duplicate_digest and those of openCompact
 */
export async function openRelease(
  jwt: string,
  { iss, aud, ...options }: { iss: string; aud: string; findKey: FindKey; provenBefore?: number },
): Promise<OpenedRelease> {
  const { claims } = await openCompact(jwt, { ...options, typ: releaseTyp, use: 'release', read: (payload) => readRelease(payload) });
  assertAudience(claims, iss, aud);
  return { ...claims, jwt, digest: digestOf(jwt) };
}

/** @param known digest of the statement when the caller has just computed it */
function readRelease(payload: JsonObject, known?: Digest): Release {
  const head = readClaims(payload, {
    iss: isEntityId,
    aud: isEntityId,
    iat: isCount,
    jti: isReleaseId,
    sub_id: isRecord,
    events: isRecord,
  });
  const { [releaseEvent]: event } = readClaims(head.events, { [releaseEvent]: isRecord });
  const terms = readClaims(
    event,
    {
      statement: isText,
      disclosed: isList,
      agreement: isRecord,
      purposes: isTexts,
      retain_until: isCount,
      onward: oneOf<Onward>('none', 'originator_consent', 'named'),
      transfer_basis: isCode,
    },
    { reply_by: isCount, readers: isTexts, consent: isText, issuer: isText },
  );
  const agreement = readClaims(terms.agreement, { id: isText, version: isCount, digest: isDigestClaim });
  const statementDigest = known ?? digestOf(terms.statement);
  const { format, uri } = readClaims(head.sub_id, { format: isText, uri: isText });
  if (format !== 'uri' || uri !== nameOf(statementDigest)) throw new SealError('wrong_statement');
  const { iss, aud, iat, jti } = head;
  return { iss, aud, iat, jti, ...terms, agreement, disclosed: readDisclosed(terms.disclosed), statementDigest };
}

/** Sorted: the order must not tell what the parts are, and one set has one spelling. */
function readDisclosed(digests: readonly unknown[]): Digest[] {
  if (digests.length > maximumDisclosures) throw new SealError('too_large', 'disclosed');
  digests.forEach((digest, at) => {
    if (!isDigest(digest)) throw new SealError('bad_claims', 'disclosed');
    const before = digests[at - 1] as Digest | undefined;
    if (before === digest) throw new SealError('duplicate_digest', 'disclosed');
    if (before !== undefined && before > digest) throw new SealError('bad_claims', 'disclosed');
  });
  return digests as Digest[];
}

const isReleaseId = (value: unknown): value is string => typeof value === 'string' && /^[A-Za-z0-9_-]{21}[AQgw]$/.test(value);

/** The disclosures that came are exactly those that the release names. @throws SealError disclosures_differ */
export function assertDisclosed({ disclosed }: Pick<Release, 'disclosed'>, came: readonly { digest: Digest }[]): void {
  const digests = came.map(({ digest }) => digest).sort();
  if (digests.length !== disclosed.length || !digests.every((digest, at) => digest === disclosed[at]))
    throw new SealError('disclosures_differ');
}
