/** One run of the bench: every figure is a ratio between two things measured in this run, on this machine. */
import { join } from 'node:path';
import { forget } from '../federation.js';
import { measureBulk } from './bulk.js';
import type { Figure } from './figure.js';
import { measureLatency } from './latency.js';
import { type LogPlan, measureLog } from './log-growth.js';
import { machineInWords } from './machine.js';
import { measureMemory } from './memory.js';
import { startPair } from './pair.js';
import { measurePosting, type PostingPlan } from './posting.js';
import { measurePulling } from './pulling.js';
import { measureSearching, type SearchPlan } from './searching.js';
import { measureVerifying } from './verifying.js';

export interface BenchPlan {
  posting: PostingPlan;
  latencies: number;
  bulk: number;
  log: LogPlan;
  search: SearchPlan;
}

/** Under a minute on two cores. */
export const quick: BenchPlan = {
  posting: { rounds: 3, secondsPerRound: 1.5, warmUpSeconds: 1 },
  latencies: 60,
  bulk: 400,
  log: { sizes: [2_000, 20_000], rounds: 3, secondsPerRound: 0.5, proofs: 300 },
  search: { sizes: [500, 3_000], questions: 100 },
};
/** The log grows to `entries` and the rest to so many `statements`, by which the time grows. */
export const full = ({ entries, statements }: { entries: number; statements: number }): BenchPlan => ({
  posting: { rounds: 7, secondsPerRound: 5, warmUpSeconds: 5 },
  latencies: 600,
  bulk: 5_000,
  log: {
    sizes: [10_000, ...[1_000_000, 10_000_000].filter((size) => size < entries), entries],
    rounds: 5,
    secondsPerRound: 3,
    proofs: 1_000,
  },
  search: { sizes: [10_000, ...[100_000, 1_000_000].filter((size) => size < statements), statements], questions: 500 },
});

export interface Report {
  machine: string;
  figures: Figure[];
  seconds: number;
}

/** `folder` is the bench's own; it is emptied before and after. */
export async function runBench(options: { folder: string; plan: BenchPlan; tell: (text: string) => void }): Promise<Report> {
  const { folder, plan, tell } = options;
  const begin = performance.now();
  await forget(folder);
  tell('Starting PostgreSQL, two nodes and the plain comparison ...');
  const pair = await startPair(join(folder), process.env);
  try {
    const machine = await machineInWords(pair.plainDatabase);
    tell('Looking at the memory of idle nodes ...');
    const memory = await measureMemory(pair);
    tell('Posting to receipt, one at a time ...');
    const latency = await measureLatency(pair, plan.latencies);
    tell('Posting with the partner stopped, in turn with the plain route ...');
    await pair.recipient.node.stop();
    const posting = await measurePosting(pair, plan.posting);
    tell('Posting a stream of alerts ...');
    const bulk = await measureBulk(pair, plan.bulk);
    tell('The partner comes back and pulls ...');
    const pulling = await measurePulling(pair);
    tell('Appending to logs of several sizes ...');
    const log = await measureLog(pair.federation.postgres, folder, plan.log);
    tell('Searching among more and more statements ...');
    const searching = await measureSearching(pair.federation.postgres, folder, plan.search);
    tell('Verifying the whole node ...');
    const verifying = await measureVerifying(pair.sender, log.hashesPerSecond);
    const figures = [posting, bulk, pulling, latency, memory, ...log.figures, verifying, searching];
    return { machine, figures, seconds: Math.round((performance.now() - begin) / 1000) };
  } finally {
    await pair[Symbol.asyncDispose]();
    await forget(folder);
  }
}
