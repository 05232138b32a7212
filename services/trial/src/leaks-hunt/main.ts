/** `npm run leaks`: exit code 0 only if nothing crossed a wire that no rule allowed, and something crossed that one did. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { hunt } from './hunt.js';

const whole = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${text} is not a whole number from 1`);
  return number;
};
const options = new Command('npm run leaks --')
  .description(
    'Random federations: agreements made, suspended and denounced, statements told, passed on and recalled; every byte that crossed a wire is held against what the rules allow.',
  )
  .option('--seconds <number>', 'how long they go on', whole, 60)
  .option('--seed <number>', 'the same seed gives the same hunt (default: by the clock)', whole)
  .option('--nodes <number>', 'how many agencies, 2 to 8 (default: by chance)', whole)
  .option('--json', 'print one JSON object as the last line', false)
  .parse()
  .opts<{ seconds: number; seed?: number; nodes?: number; json: boolean }>();

const words = (acts: Record<string, number>): string =>
  Object.entries(acts)
    .map(([act, times]) => `${act} ${times}`)
    .join(', ');

const folder = await mkdtemp(join(tmpdir(), 'entente-leaks-'));
try {
  const { seconds, nodes } = options;
  const seed = options.seed ?? (Date.now() % 2 ** 31) + 1;
  const hunted = await hunt({ folder, seconds, seed, ...(nodes !== undefined && { nodes: Math.min(8, Math.max(2, nodes)) }) });
  for (const { from, to, value } of hunted.leaks) process.stdout.write(`LEAK: ${value} went from ${from} to ${to}\n`);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...hunted, leaks: hunted.leaks.length })}\n`
      : `${words(hunted.acts)} between ${hunted.nodes} agencies (seed ${hunted.seed}): ${hunted.cases} cases, ${hunted.bytes_checked} bytes, ${hunted.crossed} values crossed as the rules allow, ${hunted.passed_on} of them passed on; ${hunted.leaks.length} leaks.\n`,
  );
  process.exitCode = hunted.leaks.length === 0 && hunted.crossed > 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
