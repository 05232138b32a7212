// The floor: nine of ten lines of packages/ run in the tests. A file that no test loads counts as not covered.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './setup.mjs';
import { filesBelow, workspaces } from './source-files.mjs';

const floor = 90;
const summaryFile = join(root, '.tap', 'report', 'coverage-summary.json');

/** Lines for people, one per package and service, and the number of packages below the floor. */
export function coverage() {
  const measured = readSummary();
  const lines = [`# lines covered (at least ${floor} % in packages/)`];
  let short = 0;
  for (const folder of workspaces()) {
    const percent = percentOf(filesBelow(join(folder, 'src'), '.ts'), measured);
    if (percent === undefined) continue;
    const tooLow = folder.startsWith('packages/') && percent < floor;
    if (tooLow) short += 1;
    lines.push(`# ${percent.toFixed(1).padStart(5)} %  ${folder}${tooLow ? '  BELOW THE FLOOR' : ''}`);
  }
  return { lines, short };
}

function readSummary() {
  const summary = JSON.parse(readFileSync(summaryFile, 'utf8'));
  return new Map(Object.entries(summary).map(([file, { lines }]) => [relative(root, file), lines]));
}

function percentOf(files, measured) {
  let [covered, total] = [0, 0];
  for (const file of files) {
    const lines = measured.get(file) ?? { covered: 0, total: unloadedLines(file) };
    covered += lines.covered;
    total += lines.total;
  }
  return total === 0 ? undefined : (100 * covered) / total;
}

/** Lines of a file that no test loaded; none if it holds types only, of which nothing is left to run. */
function unloadedLines(file) {
  const compiled = join(root, file.replace(/^((?:packages|services)\/[^/]+)\//, '$1/dist/').replace(/\.ts$/, '.js'));
  const code = readFileSync(compiled, 'utf8').replace(/^\/\/.*$|\/\*[\s\S]*?\*\/|export \{\};/gm, '');
  return code.trim() === '' ? 0 : readFileSync(join(root, file), 'utf8').split('\n').length;
}
