import { kinds } from '@entente/statement';
import t from 'tap';
import {
  acceptConfiguration,
  type EntityConfiguration,
  findKeyIn,
  issueStatement,
  type KeyRecord,
  openStatement,
  type Pinned,
  signEntityConfiguration,
  signHandover,
  withNewKey,
  withRevokedKey,
} from '../src/index.js';
import { generateKey, nodeSigner, verificationKey } from '../src/node.js';
import { random } from './federation.js';

const iss = 'https://nl-cus.example';
const year = 365 * 86_400;
const start = 1_772_442_000;
const alert = kinds.get('alert')!;

function keyFor(use: KeyRecord['use'], not_before: number) {
  const { alg, kid, jwk, privateJwk } = generateKey('ES256');
  return { record: { iss, kid, use, alg, jwk, not_before, not_after: not_before + 2 * year } as KeyRecord, signer: nodeSigner(privateJwk) };
}

const statementOf = (signer: ReturnType<typeof nodeSigner>, iat: number) =>
  issueStatement({ input: alert.example, kind: alert, iss, iat, jti: 'urn:uuid:018f6d2e-7c10-7b1a-9c55-3f0d6a0b1c01', signer, random });

t.test('statements of ten years ago verify, after every key has rolled over every year', async (t) => {
  let federation = keyFor('federation', start);
  let next = keyFor('federation', start);
  let configuration: EntityConfiguration = {
    id: iss,
    iat: start,
    exp: start + 20 * year,
    organizationName: 'Customs (invented)',
    country: 'NL',
    agencyType: 'CUS',
    protocolVersions: ['1'],
    keys: [federation.record],
    certificates: [],
    log: { origin: 'nl-cus.example/log/1', vkey: 'nl-cus.example/log/1+00000000+AA==' },
    endpoints: { federation: 'https://nl-cus.example/federation/v1' },
    next: next.record.kid,
  };
  let pinned: Pinned = { configuration, pin: federation.record.kid, jwt: await signEntityConfiguration(configuration, federation.signer) };
  const said: { iat: number; jwt: string }[] = [];
  for (let age = 0; age < 10; age++) {
    const now = start + age * year + 1;
    const statement = keyFor('statement', now);
    const taken = { ...next, record: { ...next.record, not_before: now, not_after: now + 2 * year } };
    next = keyFor('federation', now);
    configuration = {
      ...withNewKey(withNewKey(configuration, statement.record, now), taken.record, now),
      next: next.record.kid,
      handover: await signHandover({ iss, iat: now, to: taken.record.kid }, federation.signer),
    };
    federation = taken;
    const jwt = await signEntityConfiguration(configuration, federation.signer);
    const { pin, ...accepted } = await acceptConfiguration(pinned, jwt, { now, verifiable: verificationKey });
    t.equal(pin, federation.record.kid, 'the announced key took over');
    pinned = { ...accepted, pin: pin! };
    said.push({ iat: now + 60, jwt: (await statementOf(statement.signer, now + 60)).jwt });
  }
  const findKey = findKeyIn([pinned.configuration], verificationKey);
  for (const { iat, jwt } of said) t.equal((await openStatement(jwt, [], findKey)).claims.iat, iat);
});

t.test('what a roll-over and a revocation may not do', async (t) => {
  const key = keyFor('statement', start);
  const before = { iat: start, keys: [key.record] } as unknown as EntityConfiguration;
  const late = keyFor('statement', start + 99).record;
  t.throws(() => withNewKey(before, late, start + 100), { code: 'key_backdated' }, 'no key is older than its publication');
  t.throws(() => withNewKey(before, { ...key.record, not_before: start + 100 }, start + 100), { code: 'key_not_unique' });
  t.throws(() => withRevokedKey(before, { kid: late.kid }, start + 100), { code: 'unknown_key' });
  const after = withRevokedKey(before, { kid: key.record.kid, compromised: start + 50 }, start + 100);
  t.match(after.keys, [{ revoked_at: start + 100, compromised_from: start + 50 }]);
  t.match(withRevokedKey(after, { kid: key.record.kid, compromised: start + 70 }, start + 200).keys, [
    { revoked_at: start + 100, compromised_from: start + 50 },
  ]);
  t.equal(after.iat, start + 100);
});
