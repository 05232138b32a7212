/** How the log behaves as it grows: appends, proofs and bytes at each size. Measured on the store by a program of its own. */
import type { Server } from '@entente/postgres';
import { type Figure, figure, rounded, type Series } from './figure.js';
import { storeProgram } from './store-program.js';

export interface LogPlan {
  /** Entries at which to measure, ascending. */
  sizes: number[];
  rounds: number;
  secondsPerRound: number;
  proofs: number;
}

/** As packages/store/bench/log.ts prints it. */
interface Printed {
  sizes: {
    entries: number;
    appendsPerSecond: number;
    appendsPerSecondEmpty: number;
    ratio: number;
    proofP50Ms: number;
    proofP99Ms: number;
    openMs: number;
    treeBytes: number;
    entryBytes: number;
  }[];
  hashesPerSecond: number;
}

export async function measureLog(postgres: Server, folder: string, plan: LogPlan): Promise<{ figures: Figure[]; hashesPerSecond: number }> {
  const { sizes, hashesPerSecond } = await storeProgram<Printed>('log', { postgres, folder, plan, databases: 2 });
  const [first, last] = [sizes[0]!, sizes.at(-1)!];
  const parts = Object.fromEntries(
    sizes.flatMap((size) => [
      [`appends_per_second_at_${size.entries}`, rounded(size.appendsPerSecond)],
      [`proof_p50_ms_at_${size.entries}`, rounded(size.proofP50Ms)],
    ]),
  );
  const grows = (title: string, unit: string, of: (size: (typeof sizes)[number]) => number): Series => ({
    title,
    unit,
    over: 'entries',
    points: sizes.map((size) => [size.entries, rounded(of(size))]),
  });
  const growth = last.proofP50Ms / first.proofP50Ms;
  return {
    hashesPerSecond,
    figures: [
      figure({
        name: 'log_append',
        title: `Append to a log of ${last.entries} entries, against an empty one`,
        value: last.ratio,
        unit: 'times',
        target: { at: 'least', value: 0.9 },
        how: `${rounded(last.appendsPerSecond)} acts/s of one entry each against ${rounded(last.appendsPerSecondEmpty)}/s, 64 at once, median of ${plan.rounds} rounds in turn; the store opened anew knew the log's end after ${rounded(last.openMs)} ms`,
        series: [grows('Appends', '/s', ({ appendsPerSecond }) => appendsPerSecond)],
        parts: { ...parts, open_ms: rounded(last.openMs), open_ms_first: rounded(first.openMs) },
      }),
      figure({
        name: 'log_proof',
        title: `Inclusion proof in a log of ${last.entries} entries`,
        value: last.proofP50Ms,
        unit: 'ms',
        target: { at: 'most', value: 2 },
        how: `median of ${plan.proofs} random entries, read from the database and made, without HTTP; p99 ${rounded(last.proofP99Ms)} ms; ${rounded(growth)} times the ${rounded(first.proofP50Ms)} ms at ${first.entries} entries, where at most 3 times are asked for`,
        series: [grows('One proof', 'ms', ({ proofP50Ms }) => proofP50Ms)],
        parts: { p99_ms: rounded(last.proofP99Ms), growth: rounded(growth) },
      }),
      figure({
        name: 'log_bytes',
        title: 'A log entry on disk',
        value: last.treeBytes,
        unit: 'bytes',
        how: `leaf, leaf hash and tree with their indexes, at ${last.entries} entries; the text of an entry of the access log, which goes after its retention, takes ${rounded(last.entryBytes)} more`,
        parts: { tree_bytes: rounded(last.treeBytes), entry_bytes: rounded(last.entryBytes) },
      }),
    ],
  };
}
