import { digestOf, sha256, toBase64url } from '#bytes';
import { SealError } from '../errors.js';
import { canonicalBytes, isDigest } from '../identity/canonical.js';
import { isCode, isCount, isDigestClaim, isEntityId, isList, isRecord, isText, readClaims } from '../identity/claims.js';
import { openCompact, signCompact } from '../identity/compact.js';
import type { Digest, FindKey, Signer } from '../identity/keys.js';
import type { Json, JsonObject } from '../identity/strict-json.js';
import { assertAudience } from './audience.js';

export const pageTyp = 'feed-page+jwt';
export const maximumPageEntries = 1000;

/** One release on a page: its digest, the kind of its statement, its size in bytes. */
export type PageEntry = [digest: Digest, kind: string, bytes: number];

/** What a page of a feed says: the entries from position `first` on, and the chain after the last of them (docs/protocol.md 6). */
export interface Page {
  iss: string;
  aud: string;
  iat: number;
  epoch: number;
  first: number;
  entries: PageEntry[];
  chain: Uint8Array;
  /** on the first page of every epoch but the first, and nowhere else */
  resumes?: Resumption;
}

/** Where the feed stood in the epoch before, as far as its sender still knows, and why it goes on in another one (docs/protocol.md 9). */
export interface Resumption {
  epoch: number;
  /** 0 when nothing was on it */
  last: number;
  chain: Uint8Array;
  /** text for people, at most 500 characters */
  reason: string;
}

/** Chain of a feed before its first release. */
export const chainStart: Uint8Array = new Uint8Array(32);

/** SHA-256(chain || digest). */
export function chainNext(chain: Uint8Array, digest: Uint8Array): Uint8Array {
  const both = new Uint8Array(64);
  both.set(chain);
  both.set(digest, 32);
  return sha256(both);
}

export const chainOver = (chain: Uint8Array, digests: readonly Digest[]): Uint8Array =>
  digests.reduce((before, digest) => chainNext(before, canonicalBytes(digest)), chain);

export async function signPage({ iss, aud, iat, epoch, first, entries, chain, resumes }: Page, signer: Signer): Promise<string> {
  const payload = {
    iss,
    aud,
    iat,
    epoch,
    first,
    entries,
    chain: toBase64url(chain),
    ...(resumes === undefined ? {} : { resumes: { ...resumes, chain: toBase64url(resumes.chain) } }),
  };
  readPage(payload);
  return signCompact(pageTyp, payload, signer);
}

export interface OpenedPage extends Page {
  jwt: string;
  digest: Digest;
}

/** @throws SealError wrong_issuer, wrong_audience and those of openCompact */
export async function openPage(
  jwt: string,
  { iss, aud, ...options }: { iss: string; aud: string; findKey: FindKey; provenBefore?: number },
): Promise<OpenedPage> {
  const { claims } = await openCompact(jwt, { ...options, typ: pageTyp, use: 'release', read: readPage });
  assertAudience(claims, iss, aud);
  return { ...claims, jwt, digest: digestOf(jwt) };
}

function readPage(claims: JsonObject): Page {
  const { resumes, ...page } = readClaims(
    claims,
    {
      iss: isEntityId,
      aud: isEntityId,
      iat: isCount,
      epoch: isPosition,
      first: isPosition,
      entries: isList,
      chain: isDigestClaim,
    },
    { resumes: isRecord },
  );
  if ((resumes !== undefined) !== (page.first === 1 && page.epoch > 1)) throw new SealError('bad_claims', 'resumes');
  if (page.entries.length === 0) throw new SealError('bad_claims', 'entries');
  if (page.entries.length > maximumPageEntries) throw new SealError('too_large', 'entries');
  return {
    ...page,
    entries: page.entries.map(readEntry),
    chain: canonicalBytes(page.chain),
    ...(resumes === undefined ? {} : { resumes: readResumption(resumes, page.epoch) }),
  };
}

function readResumption(claims: JsonObject, now: number): Resumption {
  const { epoch, last, chain, reason } = readClaims(claims, { epoch: isPosition, last: isCount, chain: isDigestClaim, reason: isText });
  if (epoch >= now || reason.length === 0 || reason.length > 500) throw new SealError('bad_claims', 'resumes');
  return { epoch, last, chain: canonicalBytes(chain), reason };
}

function readEntry(entry: Json): PageEntry {
  if (!Array.isArray(entry) || entry.length !== 3) throw new SealError('bad_claims', 'entries');
  const [digest, kind, bytes] = entry as [Json, Json, Json];
  if (!isDigest(digest) || !isCode(kind) || !isCount(bytes)) throw new SealError('bad_claims', 'entries');
  return [digest, kind, bytes];
}

const isPosition = (value: Json | undefined): value is number => isCount(value) && value >= 1;

/** As far as the pages of a feed have been followed: its epoch, the last position, the chain after it. */
export interface FeedState {
  epoch: number;
  last: number;
  chain: Uint8Array;
}

/**
 * Follows a feed by its next page. A page that starts where none of ours ends has a hole before it; one
 * whose chain does not fit is a fork, if both are signed.
 *
 * @throws SealError page_gap, chain_mismatch
 */
export function followPage(state: FeedState, page: Page): FeedState {
  if (page.epoch !== state.epoch || page.first !== state.last + 1) throw new SealError('page_gap', `${page.epoch}/${page.first}`);
  const digests = page.entries.map(([digest]) => digest);
  const chain = chainOver(state.chain, digests);
  if (!chain.every((byte, at) => byte === page.chain[at])) throw new SealError('chain_mismatch', `${page.epoch}/${page.first}`);
  return { epoch: state.epoch, last: state.last + digests.length, chain };
}
