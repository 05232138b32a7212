// Makes docs/failures.md: what other systems of this field have got wrong, what holds here, and the tests that carry the number.
// The tests are found in their sources: a failure counts as held when a test is named for it, and by nothing else.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';
import { filesBelow, workspaces } from './source-files.mjs';

/** Number -> [situation, what holds, what a test of it waits for while there is none]. */
const failures = {
  F01: [
    'Of two writers the one with the earlier position commits last, and a reader looks in between.',
    'The reader gets both.',
    'the feed',
  ],
  F02: [
    'Thousands of statements of one instant are read page by page.',
    'None is lost at a border of pages, none comes twice.',
    'the feed',
  ],
  F03: [
    'One delivery is always refused by its recipient.',
    'It holds up nothing behind it and is not passed over: it lies open as a dead letter and goes again by hand.',
    'the feed',
  ],
  F04: ['A partner sends a kind or a version that is not known here.', 'Kept as it came, flagged, answered with the reason.', 'quarantine'],
  F05: [
    'An update of something that is held carries a bad signature.',
    'Nothing is overwritten; the update is quarantined, its sender told, the log has it.',
    'quarantine',
  ],
  F06: ['Two texts look alike, or one text can be read in two ways.', 'They have different signatures, or are refused.', 'strict JSON'],
  F07: ['The audience or the agreement is empty, unknown or gone.', 'Nobody receives it.', 'agreements'],
  F08: [
    'A partner wants to learn who else received something: from its feed, receipts, errors, positions, counts, times.',
    'It learns the padded size of a log, on a schedule.',
    'padding and equal answers',
  ],
  F09: [
    'A statement, or one part of it, is recalled while a holder is away.',
    'The recall reaches every holder, the absent one before any new use; each answers under its signature.',
    'recall',
  ],
  F10: ['The same comes again: after a second, a day, a restart.', 'One effect, and the original receipt again.', 'receipts'],
  F11: [
    'A node is killed between any two steps of issuing or receiving.',
    'No receipt without a durable copy, no durable copy without a receipt in the end; what was acknowledged is neither lost nor doubled.',
    'receipts',
  ],
  F12: ['A passes to B, B to C, and B takes parts out.', "C verifies A's own signature.", 'onward release'],
  F13: [
    'Whoever publishes the members is down for an hour, a day, a month.',
    'The exchange goes on for a stated time; partners can still revoke.',
    'a roster',
  ],
  F14: [
    'The clocks of two partners differ by a day.',
    'The exchange goes on; beyond two days a coded error. No order depends on a clock.',
    'clocks',
  ],
  F15: [
    'A partner comes back after a year, or from a backup.',
    'It reads again from any position, the very bytes; what is gone is named as void.',
    'replay',
  ],
  F16: ['Is a cursor inclusive or exclusive?', 'Documented, tested, and no loop without end.', 'cursors'],
  F17: ['A transfer of 2 GB breaks off near its end.', 'It resumes; it is never held in memory.', 'attachments'],
  F18: ['The first pull brings a million statements.', 'Constant memory; it can be stopped and resumed.', 'a first pull of that size'],
  F19: ['A partner that was down for a day makes contact.', 'The exchange with it goes on at once.', 'the feed'],
  F20: ['TLS verification depends on a setting that is missing, empty or wrong.', 'It cannot be off.', 'transport'],
  F21: [
    'Somebody reads, exports, logs in, uses a key, is refused; or changes a record of it.',
    'Everything is in the access log, and one changed, removed or moved entry is found.',
    'the access log',
  ],
  F22: ["A sender leaves out one position of one recipient's feed.", 'The signed pages name the position; the rest goes on.', 'pages'],
  F23: [
    'A sender shows two partners two histories.',
    'Found within one round between nodes that exchange, and proven by two signed notes.',
    'witnessing',
  ],
  F24: ['One value stands in a tenth of all alerts.', 'No quadratic number of rows, no quadratic time.', 'matching'],
  F25: ['A search has many values, an empty list, thousands of identifiers.', 'The whole result, or an error.', 'search'],
  F26: ['A machine finds a match.', 'A person confirms it before anything happens to anybody.', 'screening'],
  F27: ['A request is not answered.', 'Silence is never taken for consent.', 'requests'],
  F28: [
    'The content of a recalled statement must go, and the log must stay.',
    'Content, salts and keys are gone; digest and reason stay; every signature and proof still verifies.',
    'erasure',
  ],
  F29: [
    'A relay spells a signature in another way, so that a statement gets another name.',
    'Refused: a recall always hits.',
    'canonical signatures',
  ],
  F30: [
    'A release waits, and is recalled, runs out or loses its agreement.',
    'It does not leave; its position is void, with a signed note.',
    'voids',
  ],
  F31: ['A node comes back with an older log.', 'It signs nothing until it knows what its partners hold of it.', 'recovery'],
  F32: ["Two idle logs take note of each other's checkpoints.", 'Neither grows.', 'witnessing'],
};

/** Names of tests, by file. */
const tests = [
  ...workspaces().flatMap((folder) => filesBelow(join(folder, 'test'), '.test.ts')),
  ...filesBelow('scripts', '.test.mjs'),
].map((file) => ({ file, names: namesOfTests(readFileSync(join(root, file), 'utf8')) }));

function namesOfTests(source) {
  return [...source.matchAll(/\btest\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(([, , name]) => name);
}

const rows = Object.entries(failures).map(([number, [situation, holds, waiting]]) => {
  const carrying = tests.filter(({ names }) => names.some((name) => new RegExp(`\\b${number}\\b`).test(name)));
  const links = carrying.map(({ file }) => `[${file.split('/').slice(1).join('/').replace('/test/', ' ')}](../${file})`);
  return {
    number,
    held: links.length > 0,
    row: `| ${number} | ${situation} | ${holds} | ${links.join(', ') || `waiting for ${waiting}`} |`,
  };
});

const page = `# Failures that must not happen here

Each has been seen in a system of this field. A test that is named for the number fails when the failure is possible again. This page is made
from the names of the tests by \`scripts/failures-table.mjs\`: ${rows.filter(({ held }) => held).length} of ${rows.length} have a test.

| | situation | what holds | tests |
|---|---|---|---|
${rows.map(({ row }) => row).join('\n')}
`;

writeFileSync(join(root, 'docs', 'failures.md'), page);
