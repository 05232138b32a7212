/**
 * How the log behaves as it grows, measured on the store itself and printed as one JSON object; `npm run bench` runs it as a process.
 * The access log is measured: the same code as the exchange log's, and the one that grows fastest.
 * Arguments: JSON of the plan; file with the addresses of two empty databases.
 */
import { createHash } from 'node:crypto';
import { inclusionProof, leafHash } from '@entente/ledger';
import type { AccessEntry, Store } from '../src/index.js';
import { type Addresses, addressesIn, bytesOf, openAgain, openMigrated, quantile, timed } from './database.js';

export interface LogPlan {
  /** Entries at which to measure, ascending. */
  sizes: number[];
  rounds: number;
  secondsPerRound: number;
  proofs: number;
}

export interface AtSize {
  entries: number;
  /** Medians over the rounds, of this log and of one that begins empty, in turn. */
  appendsPerSecond: number;
  appendsPerSecondEmpty: number;
  ratio: number;
  /** Milliseconds of one inclusion proof, read from the database and made: of random entries under the whole tree. */
  proofP50Ms: number;
  proofP99Ms: number;
  /** Milliseconds until a store opened anew knows the end of the log. */
  openMs: number;
  /** On disk, with indexes, per entry: leaves and tree; text and salt of the entries. */
  treeBytes: number;
  entryBytes: number;
}

const [planText, addressesFile] = process.argv.slice(2) as [string, string];
const plan = JSON.parse(planText) as LogPlan;
const [grownAt, emptyAt] = addressesIn(addressesFile) as [Addresses, Addresses];
const AT_ONCE = 64;
const FILL = 2_000;

const entry = (i: number): AccessEntry => ({
  actor: 'analyst-01',
  role: 'ANALYST',
  operation: 'CONSULT',
  purpose: 'CUSTOMS_CONTROL',
  justification: `Follow-up of consignment ${i}`,
  object: createHash('sha256').update(String(i)).digest('base64url'),
});
const median = (values: number[]) => quantile(values, 0.5);

async function fillTo(store: Store, size: number): Promise<void> {
  for (let at = (await store.log('access')).size; at < size; at += FILL) {
    const many = Math.min(FILL, size - at);
    await store.commit({ access: Array.from({ length: many }, (_, i) => entry(at + i)) });
    if (at % 100_000 < FILL) process.stderr.write(`log: ${at} of ${size} entries\n`);
  }
}

/** One entry each, so many at once. */
async function appendRate(store: Store, seconds: number): Promise<number> {
  const begin = performance.now();
  let done = 0;
  const one = async () => {
    while (performance.now() - begin < seconds * 1000) {
      await store.commit({ access: [entry(done)] });
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return (done * 1000) / (performance.now() - begin);
}

async function proofTimes(store: Store): Promise<number[]> {
  const { epoch, size } = await store.log('access');
  const times: number[] = [];
  for (let i = 0; i < plan.proofs; i += 1) {
    const index = Math.floor(Math.random() * size);
    times.push(await timed(() => inclusionProof(index, size, (level, first, count) => store.hashes('access', epoch, level, first, count))));
  }
  return times;
}

async function openTime(addresses: Addresses): Promise<number> {
  const from = performance.now();
  await using store = await openAgain(addresses);
  await store.log('access');
  return performance.now() - from;
}

/** Hashes of such leaves per second, in one thread, and nothing else. */
function bareHashRate(): number {
  const leaf = Buffer.from(JSON.stringify({ v: 1, digest: createHash('sha256').update('entry').digest('base64url') }));
  const begin = performance.now();
  let done = 0;
  for (; performance.now() - begin < 500; done += 1) leafHash(leaf);
  return (done * 1000) / (performance.now() - begin);
}

await using grown = await openMigrated(grownAt);
await using empty = await openMigrated(emptyAt);
const result: AtSize[] = [];
for (const size of plan.sizes) {
  await fillTo(grown, size);
  const rates: [grown: number, empty: number][] = [];
  for (let round = 0; round < plan.rounds; round += 1)
    rates.push([await appendRate(grown, plan.secondsPerRound), await appendRate(empty, plan.secondsPerRound)]);
  const times = await proofTimes(grown);
  const { size: entries } = await grown.log('access');
  result.push({
    entries,
    appendsPerSecond: median(rates.map(([of]) => of)),
    appendsPerSecondEmpty: median(rates.map(([, of]) => of)),
    ratio: median(rates.map(([of, other]) => of / other)),
    proofP50Ms: quantile(times, 0.5),
    proofP99Ms: quantile(times, 0.99),
    openMs: await openTime(grownAt),
    treeBytes: (await bytesOf(grownAt, ['log_leaf', 'log_hash'])) / entries,
    entryBytes: (await bytesOf(grownAt, ['access_entry'])) / entries,
  });
}
process.stdout.write(`${JSON.stringify({ sizes: result, hashesPerSecond: bareHashRate() })}\n`);
