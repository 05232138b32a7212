/** The machine in words: what a reader must know to judge the figures. */
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { describeServer } from './floor.js';

export async function machineInWords(databaseUrl: string): Promise<string> {
  const memory = Math.round(totalmem() / 1e9);
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  const load = loadavg()[0]!.toFixed(1);
  return `${availableParallelism()} cores (${model}), ${memory} GB, ${platform()} ${release()}, Node ${process.version}, ${await describeServer(databaseUrl)}; load ${load} before the start. Client, both nodes and the database share it.`;
}
