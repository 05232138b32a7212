import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Act, Digest, NewReceived, NewRelease, NewStatement, PeerWrite, SealedContent, Verdict } from '../src/index.js';

export const self = 'https://nl-cus.example';
export const peerA = 'https://de-lic.example';
export const peerB = 'https://qm-cus.example';

export const digestOf = (text: string): Digest => createHash('sha256').update(text).digest('base64url');
export const anyDigest = (): Digest => randomBytes(32).toString('base64url');
export const token = (text: string): Uint8Array => createHash('sha256').update(text).digest().subarray(0, 16);

export function sealed(bytes = 64): SealedContent {
  return { ciphertext: randomBytes(bytes), wrappedKey: randomBytes(40), kekId: 'kek-1' };
}

export function statement(over: Partial<NewStatement> = {}): NewStatement {
  const jwt = over.jwt ?? `statement.${randomBytes(200).toString('base64url')}`;
  return {
    digest: digestOf(jwt),
    iss: self,
    jti: randomUUID(),
    kind: 'alert',
    ver: '1',
    exercise: false,
    iat: 1_800_000_000,
    validFrom: 1_800_000_000,
    validUntil: 1_800_864_000,
    jwt,
    claims: { kind: 'alert', handling: { purposes: ['CUSTOMS_CONTROL'], handling_codes: [] }, note: 'NUL \u0000 and more' },
    own: true,
    ...over,
  };
}

export function release(to: string, of: Digest, over: Partial<NewRelease> = {}): NewRelease {
  const jwt = `release.${randomBytes(200).toString('base64url')}`;
  return {
    to,
    jti: randomBytes(16).toString('base64url'),
    digest: digestOf(jwt),
    statement: of,
    kind: 'alert',
    jwt,
    bytes: jwt.length,
    disclosed: [anyDigest(), anyDigest()].sort(),
    agreement: digestOf('agreement'),
    retainUntil: 1_900_000_000,
    purposes: ['risk_analysis', 'investigation'],
    onward: 'none',
    urgency: 2,
    iat: 1_800_000_000,
    by: 'officer-2',
    ...over,
  };
}

/** An own statement with its content, released to each of the peers. */
export function issue(peers: readonly string[], over: Partial<NewStatement> = {}, words: readonly string[] = ['steel']): Act {
  const own = statement(over);
  return {
    statements: [own],
    contents: [{ ref: own.digest, statement: own.digest, sealed: sealed(), tokens: words.map(token) }],
    releases: peers.map((peer) => release(peer, own.digest)),
  };
}

export function received(from: string, verdict: Verdict, over: Partial<NewReceived> = {}): NewReceived {
  const jwt = `release.${randomBytes(100).toString('base64url')}`;
  return {
    from,
    jti: randomBytes(16).toString('base64url'),
    digest: digestOf(jwt),
    statement: null,
    kind: null,
    jwt: verdict === 'held' ? jwt : null,
    disclosed: [],
    agreement: null,
    purposes: [],
    retainUntil: null,
    onward: null,
    replyBy: null,
    readers: null,
    verdict,
    receipt: anyDigest(),
    ...over,
  };
}

export function peer(id: string, over: Partial<PeerWrite> = {}): PeerWrite {
  const use = (name: 'statement' | 'release') => ({
    kid: digestOf(`${id} ${name}`),
    use: name,
    alg: 'ES256' as const,
    jwk: { kty: 'EC' as const, crv: 'P-256' as const, x: 'x', y: 'y' },
    notBefore: 1_700_000_000,
    notAfter: 1_900_000_000,
  });
  return {
    id,
    state: 'active',
    thumbprint: digestOf(`${id} federation`),
    name: 'Customs',
    country: 'QM',
    agencyType: 'CUSTOMS',
    configuration: `configuration of ${id}`,
    configurationIat: 1_799_000_000,
    federationUrl: `${id}/federation/v1`,
    ceiling: 'NONE',
    transferBasis: 'SAFEGUARDS_INSTRUMENT',
    keys: [use('statement'), use('release')],
    certificates: [{ fingerprint: digestOf(`${id} tls`), pem: 'PEM' }],
    ...over,
  };
}
