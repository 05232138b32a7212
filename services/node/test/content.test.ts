import { randomBytes } from 'node:crypto';
import { type FindKey, type IssuedStatement, issueStatement } from '@entente/seal';
import { generateKey, nodeSigner, nodeVerifier } from '@entente/seal/node';
import { kinds } from '@entente/statement';
import t from 'tap';
import { type ContentDeps, contentOf } from '../src/agency/content.js';
import { Problem } from '../src/problem.js';
import { alert } from './samples.js';
import { content, now, peerId } from './world.js';

const key = generateKey('ES256');
const findKey: FindKey = (iss, kid, use) =>
  kid === key.kid && use === 'statement'
    ? { iss, kid, use, alg: 'ES256', jwk: key.jwk, not_before: 0, not_after: now * 2, verify: nodeVerifier(key.jwk, 'ES256') }
    : undefined;
const random = (bytes: number) => randomBytes(bytes);
const jti = 'urn:uuid:0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42';
const issued = await issueStatement({
  input: alert,
  kind: kinds.get('alert')!,
  iss: peerId,
  iat: now,
  jti,
  signer: nodeSigner(key.privateJwk),
  random,
});

const by = {
  pseudonym: 'officer-7',
  role: 'ANALYST' as const,
  unit: '',
  requestId: 'r',
  purpose: 'CUSTOMS_CONTROL',
  justification: 'Screening',
};
const record = (own: boolean) =>
  ({ digest: issued.digest, iss: peerId, kind: 'alert', ver: '1.0', jwt: issued.jwt, claims: issued.claims, own, reversals: [] }) as never;

interface Held {
  release: string;
  texts: string[];
  purposes?: string[];
  retainUntil?: number;
  verdict?: string;
}

/** A store that holds these releases of the statement. */
function holding(...held: Held[]): ContentDeps {
  const contents = new Map(held.map((h) => [h.release, content.seal(h.texts, h.release)]));
  const store = {
    content: async (ref: string) => contents.get(ref),
    contentRefs: async () => [...contents.keys()],
    receivedByDigest: async (release: string) => {
      const h = held.find((one) => one.release === release)!;
      const { purposes = ['CUSTOMS_CONTROL'], retainUntil = now + 1, verdict = 'held' } = h;
      return { digest: release, from: peerId, purposes, retainUntil, verdict, onward: 'none', replyBy: null, readers: null };
    },
  };
  return { store: store as never, content, findKey, now: () => now };
}

const parts = (...pointers: string[]) =>
  (issued as IssuedStatement).disclosures.filter((d) => pointers.includes(d.pointer)).map((d) => d.text);
const code = async (work: Promise<unknown>) => {
  try {
    return await work;
  } catch (error) {
    return error instanceof Problem ? error.code : error;
  }
};
const A = 'A'.repeat(43);
const B = 'B'.repeat(43);

t.test('own content is whole, and read for a purpose that the statement names', async (t) => {
  const deps = holding({ release: issued.digest, texts: issued.disclosures.map((d) => d.text) });
  const shown = await contentOf(deps, record(true), by);
  t.same(shown.body, alert.body);
  t.same(shown.terms, []);
  t.equal(await code(contentOf(deps, record(true), { ...by, purpose: 'STATISTICS' })), 'purpose_not_allowed');
  t.equal(await code(contentOf(holding(), record(true), by)), 'not_found', 'erased');
});

t.test('received content is what was disclosed, verified anew, with what is not shown named', async (t) => {
  const deps = holding({ release: A, texts: parts('/body/title', '/body/goods', '/body/goods/0') });
  const shown = await contentOf(deps, record(false), by);
  t.same(Object.keys(shown.body).sort(), ['goods', 'title']);
  t.ok(shown.not_shown.includes('/body/parties'));
  t.ok(shown.not_shown.includes('/body/goods/0/value'), 'the price was withheld');
  t.match(shown.terms, [{ release: A, from: peerId, purposes: ['CUSTOMS_CONTROL'], retain_until: /Z$/ }]);
  const tampered = holding({
    release: A,
    texts: [...parts('/body/title'), Buffer.from('["salt","title","another"]').toString('base64url')],
  });
  t.match(await code(contentOf(tampered, record(false), by)), { name: 'SealError' }, 'a row that was put in is found');
});

t.test('each release keeps its own disclosures, purposes and end', async (t) => {
  const title = parts('/body/title');
  const narrative = parts('/body/narrative');
  const both = holding({ release: A, texts: title }, { release: B, texts: [...title, ...narrative] });
  t.same(Object.keys((await contentOf(both, record(false), by)).body).sort(), ['narrative', 'title'], 'one statement by two ways');
  const one = holding({ release: A, texts: title }, { release: B, texts: narrative, purposes: ['PROSECUTION'] });
  t.same(
    Object.keys((await contentOf(one, record(false), by)).body),
    ['title'],
    'parts are shown under the release that gave them for this purpose',
  );
  t.equal(await code(contentOf(one, record(false), { ...by, purpose: 'STATISTICS' })), 'purpose_not_allowed');
  const over = holding({ release: A, texts: title, retainUntil: now }, { release: B, texts: narrative, verdict: 'quarantined' });
  t.equal(await code(contentOf(over, record(false), by)), 'not_found', 'nothing living, nothing shown');
  t.equal(await code(contentOf(holding(), record(false), by)), 'not_found');
});
