// Makes services/node/data/examples.json: for each operation of openapi.yaml a request and an answer out of tests on real nodes.
// Run by hand after a route is added (`node scripts/api-examples.mjs [TEST ...]`); every run has other digests, so the result is not
// compared in CI. What became wrong is found by `npm run lint:api`; what is missing is listed here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './setup.mjs';

const file = join(root, 'services', 'node', 'data', 'examples.json');
const compiled = join('services', 'trial', 'dist', 'test');
/** Longer ones teach nothing that the schema does not. Characters of JSON. */
const LONGEST = 6_000;

const document = parse(readFileSync(join(root, 'openapi.yaml'), 'utf8'));
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
const tests =
  process.argv.length > 2 ? process.argv.slice(2) : readdirSync(join(root, compiled)).filter((name) => name.endsWith('.test.js'));

const folder = mkdtempSync(join(tmpdir(), 'entente-examples-'));
try {
  const lines = tests.flatMap((name) => exchangesOf(join(root, compiled, name.replace(/^.*\/|(\.test)?\.[jt]s$/g, '').concat('.test.js'))));
  const found = {};
  for (const { operation, status, request, answer } of lines) {
    const example = { status, ...(request && { request: shortened(request) }), ...(answer && { answer: shortened(answer) }) };
    if (isBetter(example, found[operation])) found[operation] = example;
  }
  const known = JSON.parse(readFileSync(file, 'utf8'));
  const kept = Object.fromEntries(operations.filter((id) => found[id] ?? known[id]).map((id) => [id, found[id] ?? known[id]]));
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  console.log(`${Object.keys(found).length} recorded; ${Object.keys(kept).length} of ${operations.length} operations have examples.`);
  for (const id of operations) if (!kept[id]) console.log(`none: ${id}`);
} finally {
  rmSync(folder, { recursive: true });
}

function exchangesOf(test) {
  const exchanges = join(folder, 'exchanges.ndjson');
  rmSync(exchanges, { force: true });
  const { status } = spawnSync(process.execPath, [test], { env: { ...process.env, EXCHANGES_FILE: exchanges, TAP_TIMEOUT: '600' } });
  if (status !== 0) console.error(`${test} failed; what it showed before counts`);
  return existsSync(exchanges)
    ? readFileSync(exchanges, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
}

/** The fullest that is short enough: an empty list shows nothing. */
function isBetter(example, before) {
  const length = JSON.stringify(example).length;
  return length <= LONGEST && length > (before ? JSON.stringify(before).length : 0);
}

/** Long lists teach nothing: two entries of each. A secret is shown once, to whoever made it, and not here. */
function shortened(value, name) {
  if (name === 'secret') return `whsec_${Buffer.from('an example of a secret, 32 bytes').toString('base64')}`;
  if (Array.isArray(value)) return value.slice(0, 2).map((item) => shortened(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, shortened(inner, member)]));
}
