import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import type { Operation, Vector } from '../scripts/vector.js';
import {
  canonicalBytes,
  followPage,
  type Json,
  openAgreement,
  openConsent,
  openPage,
  openReceipt,
  openRelease,
  openStatement,
  openVoid,
  parseStrict,
  pinEntity,
  SealError,
  splitStatement,
} from '../src/index.js';
import { verificationKey } from '../src/node.js';
import { finderOf } from './federation.js';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '..', '..', 'vectors');
const base64url = (data: Uint8Array) => Buffer.from(data).toString('base64url');

/** What the inputs of the operations are made of. */
interface Input {
  text: string;
  originator: string;
  target: string;
  exercise: boolean;
  external: boolean;
  holder: string;
  to: string;
  jwt: string;
  jws: string;
  disclosures: string[];
  proven_before?: number;
  iss: string;
  aud: string;
  at: number;
  now: number;
  thumbprint: string;
  state: { epoch: number; last: number; chain: string };
}

/** What each operation of a vector is here; the result has the members that the vector names. */
const operations: Record<Operation, (input: Input, findKey: ReturnType<typeof finderOf>) => Promise<object> | object> = {
  parse_json: ({ text }) => ({ value: parseStrict(text) }),
  split_statement: ({ text }) => splitStatement(text),
  open_statement: ({ jwt, disclosures, proven_before }, findKey) =>
    openStatement(jwt, disclosures, findKey, proven_before === undefined ? {} : { provenBefore: proven_before }),
  open_release: async ({ jwt, iss, aud }, findKey) => {
    const release = await openRelease(jwt, { iss, aud, findKey });
    return { ...release, statement_digest: release.statementDigest };
  },
  open_consent: async ({ text, ...facts }, findKey) => {
    const { digest, holder, to } = await openConsent(text, facts, findKey);
    return { digest, holder, to };
  },
  open_page: async ({ jwt, iss, aud }, findKey) => {
    const page = await openPage(jwt, { iss, aud, findKey });
    return { ...page, chain: base64url(page.chain) };
  },
  follow_page: async ({ jwt, iss, aud, state }, findKey) => {
    const after = followPage({ ...state, chain: canonicalBytes(state.chain) }, await openPage(jwt, { iss, aud, findKey }));
    return { ...after, chain: base64url(after.chain), digest: '' };
  },
  open_receipt: ({ jwt, iss, aud }, findKey) => openReceipt(jwt, { iss, aud, findKey }),
  open_void: ({ jwt, iss, aud }, findKey) => openVoid(jwt, { iss, aud, findKey }),
  open_agreement: async ({ jws, at }, findKey) => {
    const { digest, signedBy, unknown } = await openAgreement(jws, { findKey, at });
    return { digest, signed_by: signedBy, unknown };
  },
  pin_entity: async ({ jwt, thumbprint, now }) => {
    const { configuration, pin } = await pinEntity(jwt, thumbprint, { now, verifiable: verificationKey });
    return { id: configuration.id, pin };
  },
};

const vectors = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Vector);

async function outcome({ operation, input, keys }: Vector): Promise<{ error: string } | { ok: Record<string, Json> }> {
  try {
    return { ok: (await operations[operation](input as unknown as Input, finderOf(keys))) as Record<string, Json> };
  } catch (error) {
    if (error instanceof SealError) return { error: error.code };
    throw error;
  }
}

t.test('every vector has its outcome', async (t) => {
  for (const vector of vectors) {
    const { expected, name, what } = vector;
    const actual = await outcome(vector);
    if ('error' in expected || 'error' in actual) t.same(actual, expected, `${name}: ${what}`);
    else t.same(Object.fromEntries(Object.keys(expected.ok).map((member) => [member, actual.ok[member]])), expected.ok, `${name}: ${what}`);
  }
  const negative = vectors.filter(({ expected }) => 'error' in expected);
  t.ok(negative.length > vectors.length / 2, `${negative.length} of ${vectors.length} are negative`);
});

t.test('the script makes these very files', async (t) => {
  const said = execFileSync(process.execPath, [join(here, '..', 'scripts', 'vectors.js'), '--check'], { encoding: 'utf8' });
  t.match(said, /, 0 differ/);
});
