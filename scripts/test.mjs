// `npm test`: sets up, runs every test and checks the coverage floor. `npm test -- ledger node/` runs the tests whose path
// contains one of the words, without the floor. The last line is always `N passed, N failed`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { coverage } from './coverage.mjs';
import { root, setUp } from './setup.mjs';
import { filesBelow, workspaces } from './source-files.mjs';

const { passed, failed } = await setUpAndTest(process.argv.slice(2));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function setUpAndTest(words) {
  try {
    setUp({ check: true });
  } catch (error) {
    console.error(error.message);
    return { passed: 0, failed: 1 };
  }
  const tests = testFiles().filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  const result = await runTap(tests);
  if (words.length > 0 || result.failed > 0) return result;
  const { lines, short } = coverage();
  console.log(lines.join('\n'));
  return { ...result, failed: short };
}

/** Listed from the sources: what an earlier build left in dist does not run. */
function testFiles() {
  const compiled = workspaces().flatMap((folder) =>
    filesBelow(join(folder, 'test'), '.test.ts').map((file) => file.replace(`${folder}/`, `${folder}/dist/`).replace(/\.ts$/, '.js')),
  );
  return [...compiled, ...filesBelow('scripts', '.test.mjs')];
}

/** Shows one line per file, and all there is about a failure. */
async function runTap(files) {
  const tap = join(root, 'node_modules', '.bin', 'tap');
  const child = spawn(process.execPath, [tap, 'run', '--reporter=tap', '--no-color', ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let passed = 0;
  let failed = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const total = /^# \{ total: \d+, pass: (\d+)(?:, fail: (\d+))?/.exec(line);
    if (total) [passed, failed] = [Number(total[1]), Number(total[2] ?? 0)];
    if (!isRoutine(line)) console.log(line);
  }
  const [code] = await closed;
  // tap may fail as a whole without a failed assertion: a test file that is missing, a plan that was not kept.
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1) };
}

function isRoutine(line) {
  return /^\s+(ok|# Subtest|\d+\.\.|# time)|^(# Subtest|TAP version|1\.\.|json-summary)|^\s*$/.test(line);
}
