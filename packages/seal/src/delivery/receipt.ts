import { digestOf } from '#bytes';
import { SealError } from '../errors.js';
import { isCode, isCount, isDigestClaim, isEntityId, isList, oneOf, readClaims } from '../identity/claims.js';
import { openCompact, signCompact } from '../identity/compact.js';
import type { Digest, FindKey, Signer } from '../identity/keys.js';
import type { Json, JsonObject } from '../identity/strict-json.js';
import { assertAudience } from './audience.js';

export const receiptTyp = 'receipt+jwt';
/** As many as a page has entries. */
export const maximumReceiptItems = 1000;

/** `held` and `refused` are final; `quarantined` may be followed once by a verdict with `replaces`. */
export type Verdict = 'held' | 'quarantined' | 'refused';

export interface ReceiptItem {
  release: Digest;
  verdict: Verdict;
  /** why; always there unless held */
  code?: string;
  /** digest of the receipt whose `quarantined` this verdict replaces */
  replaces?: Digest;
}

/** The recipient's answer to all releases of one poll answer (docs/protocol.md 6). It names no position and no checkpoint. */
export interface Receipt {
  iss: string;
  aud: string;
  iat: number;
  items: ReceiptItem[];
}

export interface SealedReceipt {
  jwt: string;
  digest: Digest;
}

export async function signReceipt({ iss, aud, iat, items }: Receipt, signer: Signer): Promise<SealedReceipt> {
  const payload = { iss, aud, iat, items: items.map(writeItem) };
  readReceipt(payload);
  const jwt = await signCompact(receiptTyp, payload, signer);
  return { jwt, digest: digestOf(jwt) };
}

export interface OpenedReceipt extends Receipt {
  jwt: string;
  digest: Digest;
}

/** @throws SealError wrong_issuer, wrong_audience and those of openCompact */
export async function openReceipt(
  jwt: string,
  { iss, aud, ...options }: { iss: string; aud: string; findKey: FindKey; provenBefore?: number },
): Promise<OpenedReceipt> {
  const { claims } = await openCompact(jwt, { ...options, typ: receiptTyp, use: 'release', read: readReceipt });
  assertAudience(claims, iss, aud);
  return { ...claims, jwt, digest: digestOf(jwt) };
}

const writeItem = ({ release, verdict, code, replaces }: ReceiptItem): JsonObject => ({
  release,
  verdict,
  ...(code === undefined ? {} : { code }),
  ...(replaces === undefined ? {} : { replaces }),
});

function readReceipt(claims: JsonObject): Receipt {
  const receipt = readClaims(claims, { iss: isEntityId, aud: isEntityId, iat: isCount, items: isList });
  if (receipt.items.length === 0) throw new SealError('bad_claims', 'items');
  if (receipt.items.length > maximumReceiptItems) throw new SealError('too_large', 'items');
  const items = receipt.items.map(readItem);
  if (new Set(items.map(({ release }) => release)).size !== items.length) throw new SealError('duplicate_digest', 'items');
  return { ...receipt, items };
}

function readItem(item: Json): ReceiptItem {
  const read = readClaims(item, { release: isDigestClaim, verdict: isVerdict }, { code: isCode, replaces: isDigestClaim });
  if ((read.verdict === 'held') !== (read.code === undefined)) throw new SealError('bad_claims', 'code');
  if (read.verdict === 'quarantined' && read.replaces !== undefined) throw new SealError('bad_claims', 'replaces');
  return read;
}

const isVerdict = oneOf<Verdict>('held', 'quarantined', 'refused');
