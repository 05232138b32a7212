import { ascii, base64urlOfUtf8, toBase64url } from '#bytes';
import { SealError } from '../errors.js';
import { algorithmOf, signatureBytes } from './algorithms.js';
import { canonicalBytes, canonicalText, isDigest } from './canonical.js';
import { assertKeyValid, type FindKey, type Signer, type Use, type VerificationKey } from './keys.js';
import { type Json, type JsonObject, parseStrictObject, writeStrict } from './strict-json.js';

/** Longest signed object; a release is the largest (docs/protocol.md 3). */
export const maximumJwsBytes = 256 * 1024;

const headerMembers: ReadonlySet<string> = new Set(['alg', 'kid', 'typ']);

/**
 * JWS Compact Serialization (RFC 7515 7.1) over a key that was handed in.
 *
 * @param payload an object, or its JSON text when that was written strictly already
 * @throws SealError too_large, bad_signature when the signer returns no signature of its algorithm
 */
export async function signCompact(typ: string, payload: JsonObject | string, signer: Signer): Promise<string> {
  const protectedHeader = base64urlOfUtf8(`{"alg":"${signer.alg}","kid":"${signer.kid}","typ":"${typ}"}`);
  const input = `${protectedHeader}.${base64urlOfUtf8(typeof payload === 'string' ? payload : writeStrict(payload))}`;
  const jws = `${input}.${toBase64url(await canonicalSignature(input, signer))}`;
  if (jws.length > maximumJwsBytes) throw new SealError('too_large');
  return jws;
}

/** Signs ASCII text; the signature comes out in its one accepted form whatever the hardware returned. */
export async function canonicalSignature(input: string, signer: Signer): Promise<Uint8Array> {
  const row = algorithmOf(signer.alg);
  const signature = await signer.sign(ascii(input));
  if (signature.length !== signatureBytes) throw new SealError('bad_signature', 'of the signer');
  const canonical = row.normalise(signature);
  if (!row.isCanonical(canonical)) throw new SealError('bad_signature', 'of the signer');
  return canonical;
}

export interface OpenOptions<C> {
  typ: string;
  use: Use;
  findKey: FindKey;
  /** Checks the form of the claims before any key is looked for; must return `iss` and `iat`. */
  read: (claims: JsonObject) => C;
  provenBefore?: number | undefined;
  maximumBytes?: number;
}

/**
 * Opens a JWS in the order of docs/protocol.md 7: form, key by (`iss`, `kid`, use), signature.
 *
 * @throws SealError malformed, too_large, too_deep, non_canonical, bad_header, wrong_typ, bad_alg,
 *   bad_claims, unknown_key, key_not_valid, key_compromised, bad_signature
 */
export async function openCompact<C extends { iss: string; iat: number }>(
  jws: string,
  { typ, use, findKey, read, provenBefore, maximumBytes = maximumJwsBytes }: OpenOptions<C>,
): Promise<{ claims: C; key: VerificationKey }> {
  const { input, header, payload, signature } = splitCompact(jws, maximumBytes);
  if (header.typ !== typ) throw new SealError('wrong_typ');
  const claims = read(payload());
  const key = findKey(claims.iss, header.kid, use);
  if (key === undefined) throw new SealError('unknown_key', header.kid);
  assertKeyValid(key, claims.iat, provenBefore);
  await verifySignature(input, header.alg, signature, key);
  return { claims, key };
}

/** The algorithm is the one of the key record; the header may only agree with it. */
export async function verifySignature(input: string, alg: Json | undefined, signature: Uint8Array, key: VerificationKey): Promise<void> {
  if (algorithmOf(alg).alg !== key.alg) throw new SealError('bad_alg');
  if (signature.length !== signatureBytes) throw new SealError('bad_signature');
  if (!algorithmOf(key.alg).isCanonical(signature)) throw new SealError('non_canonical', 'signature');
  const verified = key.verify(ascii(input), signature);
  if (!(typeof verified === 'boolean' ? verified : await verified)) throw new SealError('bad_signature');
}

/** The three parts of a JWS, canonical but not verified. Nothing in them may be trusted. */
export function splitCompact(jws: string, maximumBytes = maximumJwsBytes) {
  if (jws.length > maximumBytes) throw new SealError('too_large');
  const first = jws.indexOf('.');
  const second = jws.indexOf('.', first + 1);
  if (first < 1 || second <= first + 1 || jws.indexOf('.', second + 1) !== -1) throw new SealError('malformed', 'not a compact JWS');
  const header = readHeader(jws.slice(0, first), headerMembers);
  const signature = canonicalBytes(jws.slice(second + 1));
  const payload = (): JsonObject => parseStrictObject(canonicalText(jws.slice(first + 1, second)));
  return { input: jws.slice(0, second), header, payload, signature };
}

/**
 * A protected header with exactly the members that its type has. A header that brings a key or says where
 * to fetch one (jwk, jku, x5c, x5u), changes the encoding (b64) or asks for an extension (crit) is refused.
 */
export function readHeader(text: string, members: ReadonlySet<string>): JsonObject & { kid: string } {
  const header = parseStrictObject(canonicalText(text));
  for (const name of Object.keys(header)) if (!members.has(name)) throw new SealError('bad_header', name);
  algorithmOf(header.alg);
  if (!isDigest(header.kid)) throw new SealError('bad_header', 'kid');
  return header as JsonObject & { kid: string };
}
