import { type Agreement, PolicyError, parseAgreement } from '@entente/policy';
import { base64urlOfUtf8, digestOf, toBase64url } from '#bytes';
import { SealError } from '../errors.js';
import { canonicalBytes, canonicalText } from '../identity/canonical.js';
import { isDigestClaim, isEntityId, isList, isText, readClaims } from '../identity/claims.js';
import { canonicalSignature, readHeader, verifySignature } from '../identity/compact.js';
import { assertKeyValid, type Digest, type FindKey, type Signer } from '../identity/keys.js';
import { type Json, type JsonObject, parseStrict, writeStrict } from '../identity/strict-json.js';

export const agreementTyp = 'agreement+jws';
export const maximumAgreementBytes = 64 * 1024;
/** Signatures judged per agreement (docs/protocol.md 3). */
export const maximumSignatures = 8;

const headerMembers: ReadonlySet<string> = new Set(['alg', 'kid', 'typ', 'party']);

/** Who signs, with the federation key of that party. */
export interface SignedBy {
  party: string;
  signer: Signer;
}

export interface OpenedAgreement {
  jws: string;
  /** SHA-256 of the ASCII of the base64url payload: the same however many have signed */
  digest: Digest;
  agreement: Agreement;
  payload: Json;
  /** parties whose signature holds */
  signedBy: string[];
  /** parties that have signed with a key that is not known here; they count as not having signed */
  unknown: string[];
}

/**
 * Adds the signature of one party: JWS General JSON Serialization (RFC 7515 7.2.1) over one payload.
 *
 * @param agreement the payload, or the agreement as the others have signed it
 * @throws SealError bad_agreement, unknown_party, duplicate_party, too_large
 */
export async function signAgreement(agreement: string | object, { party, signer }: SignedBy): Promise<string> {
  const { payload, signatures } =
    typeof agreement === 'string' ? split(agreement) : { payload: base64urlOfUtf8(writeStrict(agreement)), signatures: [] };
  const { parties } = readAgreement(payload).agreement;
  if (!parties.includes(party)) throw new SealError('unknown_party', party);
  if (signatures.some((entry) => entry.header.party === party)) throw new SealError('duplicate_party', party);
  const head = base64urlOfUtf8(writeStrict({ alg: signer.alg, kid: signer.kid, typ: agreementTyp, party }));
  const signature = toBase64url(await canonicalSignature(`${head}.${payload}`, signer));
  const written = [
    ...signatures.map(({ protected: before, signature: old }) => ({ protected: before, signature: old })),
    { protected: head, signature },
  ];
  return assertSize(JSON.stringify({ payload, signatures: written }));
}

/** The text of an agreement that nobody has signed yet. @throws SealError bad_agreement, too_large */
export function draftAgreement(agreement: object): string {
  const payload = base64urlOfUtf8(writeStrict(agreement));
  readAgreement(payload);
  return assertSize(JSON.stringify({ payload, signatures: [] }));
}

/** A text, and whose signatures in it are known to hold. */
export type WithSignatures = Pick<OpenedAgreement, 'jws' | 'agreement' | 'signedBy'>;

/**
 * One text with the signatures of both, in the order of the parties: whoever merges the same signatures has the same text. Of two by one
 * party the first stays. A signature that could not be verified is left behind: it is its party's to bring, not a stranger's.
 */
export function mergeAgreements(first: WithSignatures, second: WithSignatures): string {
  const signatures = [first, second].flatMap((opened) =>
    split(opened.jws).signatures.filter(({ header }) => opened.signedBy.includes(header.party)),
  );
  const written = first.agreement.parties.flatMap((party) => {
    const found = signatures.find(({ header }) => header.party === party);
    return found === undefined ? [] : [{ protected: found.protected, signature: found.signature }];
  });
  return JSON.stringify({ payload: split(first.jws).payload, signatures: written });
}

/**
 * Opens an agreement with the signatures it has so far. One that does not hold spoils all: nobody may add
 * what the parties did not write.
 *
 * @param at the time by which the validity of the keys is judged: when this node first held the signature
 * @throws SealError malformed, bad_header, wrong_typ, bad_alg, bad_agreement, unknown_party, duplicate_party,
 *   key_not_valid, key_compromised, non_canonical, bad_signature, too_large
 */
export async function openAgreement(jws: string, { findKey, at }: { findKey: FindKey; at: number }): Promise<OpenedAgreement> {
  const { payload, signatures } = split(jws);
  const { agreement, json } = readAgreement(payload);
  const opened: OpenedAgreement = { jws, digest: digestOf(payload), agreement, payload: json, signedBy: [], unknown: [] };
  for (const { protected: head, header, signature } of signatures) {
    const { party, kid, alg } = header;
    if (!agreement.parties.includes(party)) throw new SealError('unknown_party', party);
    if (opened.signedBy.includes(party) || opened.unknown.includes(party)) throw new SealError('duplicate_party', party);
    const key = findKey(party, kid, 'federation');
    if (key === undefined) {
      opened.unknown.push(party);
      continue;
    }
    assertKeyValid(key, at);
    await verifySignature(`${head}.${payload}`, alg, canonicalBytes(signature), key);
    opened.signedBy.push(party);
  }
  return opened;
}

interface Signature {
  protected: string;
  signature: string;
  header: JsonObject & { kid: string; party: string };
}

/** Unprotected headers are refused: anybody could write them. */
function split(jws: string): { payload: string; signatures: Signature[] } {
  const { payload, signatures } = readClaims(parseStrict(assertSize(jws)), { payload: isText, signatures: isList });
  if (signatures.length > maximumSignatures) throw new SealError('too_large', 'signatures');
  return { payload, signatures: signatures.map(readSignature) };
}

function readSignature(entry: Json): Signature {
  const read = readClaims(entry, { protected: isText, signature: isText });
  const header = readHeader(read.protected, headerMembers);
  if (header.typ !== agreementTyp) throw new SealError('wrong_typ');
  if (!isEntityId(header.party) || !isDigestClaim(header.kid)) throw new SealError('bad_header', 'party');
  return { ...read, header: header as Signature['header'] };
}

function readAgreement(payload: string): { agreement: Agreement; json: Json } {
  const json = parseStrict(canonicalText(payload));
  try {
    return { agreement: parseAgreement(json), json };
  } catch (error) {
    if (error instanceof PolicyError) throw new SealError('bad_agreement', error.message);
    throw error;
  }
}

function assertSize(text: string): string {
  if (text.length > maximumAgreementBytes) throw new SealError('too_large');
  return text;
}
