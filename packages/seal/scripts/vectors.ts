/**
 * Writes packages/seal/vectors, one file per vector; with `--check` compares instead and fails on any difference.
 * Everything in them comes from fixed keys and fixed salts, so two runs write the same bytes.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Vector } from './vector.js';
import { consentVectors } from './vectors-consent.js';
import { deliveryVectors } from './vectors-delivery.js';
import { jsonVectors } from './vectors-json.js';
import { reversalVectors } from './vectors-reversal.js';
import { statementVectors } from './vectors-statement.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'vectors');

const made = new Map<string, string>();
const vectors: Vector[] = [
  ...jsonVectors(),
  ...(await statementVectors()),
  ...(await deliveryVectors()),
  ...(await consentVectors()),
  ...(await reversalVectors()),
];
for (const { name, ...vector } of vectors) {
  if (made.has(`${name}.json`)) throw new Error(`two vectors are named ${name}`);
  made.set(`${name}.json`, `${JSON.stringify({ name, ...vector }, null, 2)}\n`);
}

await mkdir(folder, { recursive: true });
const present = (await readdir(folder)).filter((file) => file.endsWith('.json'));
const read = async (file: string) => (present.includes(file) ? readFile(join(folder, file), 'utf8') : undefined);
const stale: string[] = present.filter((file) => !made.has(file));
for (const [file, text] of made) if ((await read(file)) !== text) stale.push(file);

if (process.argv.includes('--check')) {
  for (const file of stale) console.error(`not as the script makes it: ${file}`);
  console.log(`${made.size} vectors, ${stale.length} differ`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const file of stale) {
    const text = made.get(file);
    await (text === undefined ? rm(join(folder, file)) : writeFile(join(folder, file), text));
  }
  console.log(`${made.size} vectors, ${stale.length} written or removed`);
}
