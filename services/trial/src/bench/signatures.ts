/** The bare rates of signatures and of their checks: node:crypto over the very bytes that the nodes sign and check, and nothing else. */
import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';
import { inspectEntityConfiguration } from '@entente/seal';
import type { Member } from '../federation.js';

export interface Check {
  input: Buffer;
  signature: Buffer;
  key: KeyObject;
}

/** Of up to `count` releases: the one of the release and the one of the statement inside. */
export async function releaseChecks(sender: Member, count: number): Promise<Check[]> {
  const keys = publishedKeys(sender.agency.configuration);
  const { data } = await sender.api.auditor.GET('/audit/v1/releases', { params: { query: { limit: count } } });
  return data!.items.flatMap(({ jwt }) => (jwt === null ? [] : [checkOf(jwt, keys), checkOf(statementIn(jwt), keys)]));
}

/** Of the signed pages of its feed to `peer`. */
export async function pageChecks(sender: Member, peer: string): Promise<Check[]> {
  const keys = publishedKeys(sender.agency.configuration);
  const { data } = await sender.api.auditor.GET('/audit/v1/pages', { params: { query: { peer, direction: 'out' } } });
  return data!.items.map(({ jws }) => checkOf(jws, keys));
}

/** Checks per second, one after the other in one thread, for so long. */
export function checkRate(checks: readonly Check[], seconds: number): number {
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let done = 0;
  while (performance.now() < end) {
    for (const { input, signature, key } of checks) {
      const options = key.asymmetricKeyType === 'ec' ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
      const algorithm = key.asymmetricKeyType === 'ec' ? 'sha256' : null;
      if (!verify(algorithm, input, options, signature)) throw new Error('a signature of the sender does not verify');
    }
    done += checks.length;
  }
  return (done * 1000) / (performance.now() - begin);
}

/** Signatures per second over the same bytes by fresh keys of the same types, one after the other in one thread, for so long. */
export function signRate(checks: readonly Check[], seconds: number): number {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const ed = generateKeyPairSync('ed25519').privateKey;
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let done = 0;
  while (performance.now() < end) {
    for (const { input, key } of checks) {
      if (key.asymmetricKeyType === 'ec') sign('sha256', input, { key: ec, dsaEncoding: 'ieee-p1363' });
      else sign(null, input, ed);
    }
    done += checks.length;
  }
  return (done * 1000) / (performance.now() - begin);
}

function checkOf(jws: string, keys: Map<string, KeyObject>): Check {
  const [header, payload, signature] = jws.split('.') as [string, string, string];
  const { kid } = decoded(header) as { kid: string };
  const key = keys.get(kid);
  if (!key) throw new Error(`the sender publishes no key ${kid}`);
  return { input: Buffer.from(`${header}.${payload}`), signature: Buffer.from(signature, 'base64url'), key };
}

const publishedKeys = (configuration: string): Map<string, KeyObject> =>
  new Map(
    inspectEntityConfiguration(configuration).configuration.keys.map(({ kid, jwk }) => [
      kid,
      createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }),
    ]),
  );

/** The statement stands, as it was signed, in the one event of the release. docs/protocol.md section 5. */
function statementIn(release: string): string {
  const { events } = decoded(release.split('.')[1]!) as { events: Record<string, { statement: string }> };
  return Object.values(events)[0]!.statement;
}

const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
