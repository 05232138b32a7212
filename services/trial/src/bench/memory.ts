/** Resident memory of a node that has started and has nothing to do. */
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Figure, figure, rounded } from './figure.js';
import type { Pair } from './pair.js';

const LOOKS = 5;
const BETWEEN_MS = 400;

/** To be called before anything is posted. */
export async function measureMemory(pair: Pair): Promise<Figure> {
  const seen: number[] = [];
  for (let i = 0; i < LOOKS; i++) {
    await pause(BETWEEN_MS);
    seen.push(...(await Promise.all(pair.federation.members.map((member) => residentMegabytes(member.node.pid)))));
  }
  const value = Math.max(...seen);
  return figure({
    name: 'memory',
    title: 'Resident memory of an idle node',
    value,
    unit: 'MB',
    target: { at: 'most', value: 150 },
    how: `the largest of ${seen.length} looks at two nodes within ${(LOOKS * BETWEEN_MS) / 1000} s after their start, connected to each other; the smallest ${rounded(Math.min(...seen))} MB`,
    parts: { largest_mb: rounded(value), smallest_mb: rounded(Math.min(...seen)) },
  });
}

/** As `ps` says, in 10^6 bytes. */
export async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return (Number(stdout.trim()) * 1024) / 1e6;
}
