/**
 * Search and list as statements add up, measured on the store itself and printed as one JSON object; `npm run bench` runs it as a
 * process. Arguments: JSON of the plan; file with the addresses of one empty database.
 */
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Act, SearchCondition, Store } from '../src/index.js';
import { addressesIn, bytesOf, now, openMigrated, quantile, timed } from './database.js';

export interface SearchPlan {
  /** Statements at which to measure, ascending. */
  sizes: number[];
  questions: number;
}

export interface AtStatements {
  statements: number;
  /** Milliseconds of one question, of each sort. */
  asked: { sort: string; p50Ms: number; p99Ms: number }[];
  /** On disk for each statement, with everything that finds it. */
  bytes: number;
}

const [planText, addressesFile] = process.argv.slice(2) as [string, string];
const plan = JSON.parse(planText) as SearchPlan;
const [at] = addressesIn(addressesFile) as [ReturnType<typeof addressesIn>[number]];
const AT_ONCE = 512;
/** As many as the sample alert of the field has. */
const WORDS = 74;
const VOCABULARY = 50_000;

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');
const token = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16);
/** Few words stand in many statements, most in few: the logarithm of the rank is evenly spread. */
const anyWord = () => `word ${Math.floor(VOCABULARY ** Math.random())}`;
const identifier = (i: number) => `container ${i}`;

function alert(i: number): Act {
  const jwt = `statement.${randomBytes(1_200).toString('base64url')}`;
  const tokens = [...new Set([identifier(i), ...Array.from({ length: WORDS - 1 }, anyWord)])].map(token);
  const iat = now();
  return {
    statements: [
      {
        digest: digest(jwt),
        iss: 'https://nl-cus.example',
        jti: randomUUID(),
        kind: i % 5 === 0 ? 'sighting' : 'alert',
        ver: '1',
        exercise: false,
        iat,
        validFrom: iat,
        validUntil: iat + 20 * 86_400,
        jwt,
        claims: { kind: 'alert', handling: { tlp: 'AMBER', purposes: ['CUSTOMS_CONTROL'], handling_codes: [] } },
        own: true,
      },
    ],
    contents: [
      {
        ref: digest(jwt),
        statement: digest(jwt),
        sealed: { ciphertext: randomBytes(2_000), wrappedKey: randomBytes(40), kekId: 'kek-1' },
        tokens,
      },
    ],
  };
}

async function fill(store: Store, from: number, to: number): Promise<void> {
  for (let i = from; i < to; i += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, to - i) }, (_, j) => store.commit(alert(i + j))));
}

const find = (store: Store, ...words: string[]) =>
  store.search({
    conditions: words.map((word): SearchCondition => [[[token(word)]]]),
    purpose: 'CUSTOMS_CONTROL',
    reader: 'analyst-01',
    now: now(),
    limit: 50,
  });

const sorts = (statements: number): Record<string, (store: Store) => Promise<unknown>> => ({
  'an identifier that one statement has': (store) => find(store, identifier(randomInt(statements))),
  'a word that a tenth of all have': (store) => find(store, 'word 1'),
  'a frequent word and any other': (store) => find(store, 'word 2', anyWord()),
  'the newest fifty': (store) => store.statements({ limit: 50 }),
});

await using store = await openMigrated(at);
const sizes: AtStatements[] = [];
let filled = 0;
for (const statements of plan.sizes) {
  await fill(store, filled, statements);
  filled = statements;
  const asked = [];
  for (const [sort, ask] of Object.entries(sorts(statements))) {
    const times: number[] = [];
    for (let i = 0; i < plan.questions; i += 1) times.push(await timed(() => ask(store)));
    asked.push({ sort, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) });
  }
  sizes.push({ statements, asked, bytes: (await bytesOf(at)) / statements });
}
process.stdout.write(`${JSON.stringify({ sizes })}\n`);
