// Reads the last line of `npm start -- --once --json` and checks what a run must have achieved. Argument: its exit code.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** @returns {string[]} what is wrong with the result */
export function complaints(exitCode, lastLine) {
  if (exitCode !== 0) return [`the trial ended with ${exitCode}`];
  let result;
  try {
    result = JSON.parse(lastLine);
  } catch {
    return [`the last line is no JSON: ${lastLine.slice(0, 200)}`];
  }
  const wrong = [];
  const expect = (good, words) => good || wrong.push(words);
  for (const name of [
    'agencies',
    'posted',
    'released',
    'received',
    'receipts',
    'consents',
    'relayed',
    'recalled',
    'holders',
    'complied',
    'leaked_fields',
    'logs_verified',
    'reconciled',
    'seconds',
  ]) {
    expect(name in result, `${name} is missing`);
  }
  expect(count(result.agencies) === 3, 'not three agencies');
  expect(count(result.posted) > 0, 'nothing was posted');
  expect(count(result.released) > 0, 'nothing was released');
  expect(count(result.received) === count(result.released), 'what was released was not all received');
  expect(count(result.receipts) === count(result.released), 'receipts are missing');
  expect(count(result.consents) > 0, 'nobody consented to anything');
  expect(count(result.relayed) === count(result.consents), 'what was consented to was not all passed on');
  expect(count(result.recalled) > 0, 'nothing was called back');
  expect(count(result.complied) === count(result.holders), 'holders owe an answer to a recall');
  expect(count(result.leaked_fields) === 0, 'fields leaked');
  expect(Boolean(result.logs_verified), 'the logs were not verified');
  expect(Boolean(result.reconciled), 'the logs were not reconciled');
  return wrong;
}

/** Counts may be given as numbers or as lists. */
function count(value) {
  return Array.isArray(value) ? value.length : Number(value);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const line = readFileSync(0, 'utf8').trim();
  console.log(line);
  const wrong = complaints(Number(process.argv[2]), line);
  for (const words of wrong) console.error(words);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
