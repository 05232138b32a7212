/** One run of the bench: every figure is a ratio between two things measured in this run, on this machine. */
import { join } from 'node:path';
import { forget } from '../federation.js';
import type { Figure } from './figure.js';
import { measureLatency } from './latency.js';
import { machineInWords } from './machine.js';
import { measureMemory } from './memory.js';
import { startPair } from './pair.js';
import { measurePosting, type PostingPlan } from './posting.js';
import { measurePulling } from './pulling.js';

export interface BenchPlan {
  posting: PostingPlan;
  latencies: number;
}

/** Under a minute on two cores. */
export const quick: BenchPlan = { posting: { rounds: 3, secondsPerRound: 2.5, warmUpSeconds: 1.5 }, latencies: 90 };
export const full: BenchPlan = { posting: { rounds: 7, secondsPerRound: 5, warmUpSeconds: 5 }, latencies: 600 };

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
    tell('The partner comes back and pulls ...');
    const pulling = await measurePulling(pair);
    return { machine, figures: [posting, pulling, latency, memory], seconds: Math.round((performance.now() - begin) / 1000) };
  } finally {
    await pair[Symbol.asyncDispose]();
    await forget(folder);
  }
}
