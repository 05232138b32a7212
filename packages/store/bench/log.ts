/**
 * How the log behaves as it grows, measured on the store itself and printed as one JSON object; `npm run bench` runs it as a process.
 * The access log is measured: the same code as the exchange log's, and the one that grows fastest.
 * Arguments: JSON of the plan; file with a line for each of two empty databases: the owner's address, the application's, its role.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inclusionProof, leafHash } from '@entente/ledger';
import pg from 'pg';
import { type AccessEntry, migrate, openStore, type Store } from '../src/index.js';

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

interface Addresses {
  owner: string;
  application: string;
  role: string;
}

const [planText, addressesFile] = process.argv.slice(2) as [string, string];
const plan = JSON.parse(planText) as LogPlan;
const [grownAt, emptyAt] = readFileSync(addressesFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' '))
  .map(([owner, application, role]) => ({ owner, application, role }) as Addresses) as [Addresses, Addresses];
const AT_ONCE = 64;
const FILL = 2_000;

const now = () => Math.floor(Date.now() / 1000);
const entry = (i: number): AccessEntry => ({
  actor: 'analyst-01',
  role: 'ANALYST',
  operation: 'CONSULT',
  purpose: 'CUSTOMS_CONTROL',
  justification: `Follow-up of consignment ${i}`,
  object: createHash('sha256').update(String(i)).digest('base64url'),
});
const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function open({ owner, application, role }: Addresses): Promise<Store> {
  await migrate(owner, { applicationRole: role });
  return openStore({ url: application, now, random: randomBytes });
}

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
    const from = performance.now();
    await inclusionProof(index, size, (level, first, count) => store.hashes('access', epoch, level, first, count));
    times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b);
}

async function openTime({ application: url }: Addresses): Promise<number> {
  const from = performance.now();
  await using store = await openStore({ url, now, random: randomBytes });
  await store.log('access');
  return performance.now() - from;
}

async function bytesOf({ owner }: Addresses, tables: string[]): Promise<number> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(tree.relid)) AS bytes FROM unnest($1::text[]) AS name, pg_partition_tree(name::regclass) AS tree`,
    [tables],
  );
  await client.end();
  return Number(rows[0]!.bytes);
}

/** Hashes of such leaves per second, in one thread, and nothing else. */
function bareHashRate(): number {
  const leaf = Buffer.from(JSON.stringify({ v: 1, digest: createHash('sha256').update('entry').digest('base64url') }));
  const begin = performance.now();
  let done = 0;
  for (; performance.now() - begin < 500; done += 1) leafHash(leaf);
  return (done * 1000) / (performance.now() - begin);
}

{
  await using grown = await open(grownAt);
  await using empty = await open(emptyAt);
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
      proofP50Ms: times[Math.floor(times.length * 0.5)]!,
      proofP99Ms: times[Math.floor(times.length * 0.99)]!,
      openMs: await openTime(grownAt),
      treeBytes: (await bytesOf(grownAt, ['log_leaf', 'log_hash'])) / entries,
      entryBytes: (await bytesOf(grownAt, ['access_entry'])) / entries,
    });
  }
  process.stdout.write(`${JSON.stringify({ sizes: result, hashesPerSecond: bareHashRate() })}\n`);
}
