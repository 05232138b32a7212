import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import t from 'tap';
import type { Completion } from '../src/completion/tree.js';
import { type Page, pageOf } from '../src/paging.js';
import { progressOn } from '../src/progress.js';
import { purposeHeaders } from '../src/purpose.js';
import { refusalOf } from '../src/refusal.js';
import { listing, outline, sheet, table } from '../src/table.js';
import { shieldDigests } from '../src/word.js';
import { entente } from './program.js';

const digest = '3fXqFz0nCkq1gW0tHc7oCw5rJ9m2yLbE8pVxA4sUdQk';

t.test('tables align, show times in UTC, and shorten digests unless told to be wide', async (t) => {
  const rows = [
    { digest, at: '2031-03-01T13:59:59.999+01:00', name: 'one' },
    { digest: 'short', at: 'unknown', name: undefined },
  ];
  const columns = {
    DIGEST: (row: (typeof rows)[0], show: { digest(d?: string): string }) => show.digest(row.digest),
    AT: (row: (typeof rows)[0], show: { time(d?: string): string }) => show.time(row.at),
    NAME: (row: (typeof rows)[0]) => row.name,
  };
  t.same(listing(rows, columns, { none: '' }), [
    'DIGEST     AT                 NAME',
    '3fXqFz0n…  2031-03-01 12:59Z  one',
    'short      unknown',
  ]);
  t.match(listing(rows, columns, { wide: true, none: '' })[1], `${digest}  2031-03-01T13:59:59.999+01:00  one`);
  t.same(listing([], columns, { none: 'Nothing.' }), ['Nothing.']);
});

t.test('no text of a stranger moves the cursor, in a table or in a statement', async (t) => {
  const evil = 'a\u001b[2Jb\nc\u202ed';
  t.same(table(['N'], [[evil]]), ['N', 'a?[2Jb?c?d']);
  t.same(outline({ [evil]: evil, list: [evil] }), ['a?[2Jb?c?d: a?[2Jb?c?d', 'list:', '  - a?[2Jb?c?d']);
});

t.test('any JSON value as indented text', async (t) => {
  const value = { title: 'x', goods: [{ id: 'G1', codes: ['a', 'b'] }, { id: 'G2' }], empty: [], none: null };
  t.same(outline(value), [
    'title: x',
    'goods:',
    '  - id: G1',
    '    codes:',
    '      - a',
    '      - b',
    '  - id: G2',
    'empty:',
    'none: null',
  ]);
  t.same(sheet({ name: 'x', 'much longer': 1, absent: undefined }), ['name         x', 'much longer  1']);
});

t.test('pages: one as asked, or all as one', async (t) => {
  const asked: unknown[] = [];
  const pages: Record<string, Page<number>> = { '': { items: [1, 2], next: 'a' }, a: { items: [], next: 'b' }, b: { items: [3] } };
  const ask = async (query: { limit?: number; after?: string }) => {
    asked.push(query);
    return { data: pages[query.after ?? ''] as Page<number> };
  };
  t.same(await pageOf({ limit: 2 }, ask), pages['']);
  t.same(await pageOf({ all: true }, ask), { items: [1, 2, 3] });
  t.same(await pageOf({ all: true, after: 'b' }, ask), { items: [3] });
  t.same(asked[0], { limit: 2 });
});

t.test('a justification travels as ASCII and comes back as it was', async (t) => {
  const text = 'Prüfung: 100 % – “Orchid Gate” 蘭';
  const header = purposeHeaders({ purpose: 'CUSTOMS_CONTROL', justification: text })['entente-justification'];
  t.match(header, /^[\x20-\x7e]+$/);
  t.equal(decodeURIComponent(header), text);
});

t.test('a refusal names every place, and nothing of a stranger but text', async (t) => {
  const failure = refusalOf(422, {
    code: 'invalid_statement',
    detail: 'not good',
    findings: [{ id: 'V05', pointer: '/body/review_by', message: 'is missing' }, { pointer: { not: 'text' } }],
    errors: 'no list',
    releases: [{ addressee: 'https://de-lic.example', code: 'agreement_missing' }],
  });
  t.match(
    failure.advice,
    /^\/body\/review_by: is missing \[V05\]\n {2}\(whole\): refused\n {2}https:\/\/de-lic\.example: agreement_missing\n/,
  );
  t.match(failure.detail, { problem: 'invalid_statement', findings: [{ id: 'V05' }, {}] });
  t.notOk('errors' in failure.detail);
  t.match(refusalOf(503, {}), { code: 'unavailable' });
});

t.test('a digest that begins with a dash is no option', async (t) => {
  const dashed = `-${digest.slice(1)}`;
  t.same(shieldDigests(['show', dashed, '--wide', '-c', digest]), ['show', `digest:${dashed}`, '--wide', '-c', digest]);
  const ran = await entente(['alert', 'show', dashed, '--config', '/nowhere']);
  t.match(ran, { code: 2, err: /--purpose and --justification are missing/ });
});

t.test('progress is a bar on the line of the terminal', async (t) => {
  const shown: string[] = [];
  const progress = progressOn({ status: (text) => void shown.push(text) }, 4);
  progress(1, 'a/long/name.xml');
  t.same(shown, ['[######..................] 1 of 4  a/long/name.xml']);
});

t.test('completion knows every command and flag of the program', async (t) => {
  const { commands } = JSON.parse((await entente(['completion', 'fish', '--json'])).out) as { commands: Completion[] };
  const paths = commands.map(({ path }) => path.join(' '));
  t.match(paths, /(?:^|,)draft preview,/);
  t.ok(['', 'alert', 'alert post', 'inbox take', 'dead-letter retry', 'config check'].every((path) => paths.includes(path)));
  for (const shell of ['zsh', 'fish']) {
    const { out } = await entente(['completion', shell]);
    for (const { subcommands, flags } of commands) {
      t.ok(subcommands.every(({ name }) => out.includes(name)) && flags.every(({ name }) => out.includes(name.slice(2))), shell);
    }
  }
  t.match(await entente(['completion', 'tcsh']), { code: 2, err: /Allowed choices are bash, zsh, fish/ });
});

t.test('bash completes what comes next', async (t) => {
  const { out } = await entente(['completion', 'bash']);
  const complete = async (...words: string[]) => {
    const script = `${out}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _entente; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', 'entente', ...words], { cwd: t.testdir({}) });
    return stdout.trim().split('\n');
  };
  t.same(await complete('ale'), ['alert']);
  t.same(await complete('alert', 's'), ['search', 'show', 'status']);
  t.same(await complete('-c', 'x.json', 'draft', 'list', '--st'), ['--state']);
  t.same(await complete('draft', 'list', '--state', ''), ['draft', 'submitted', 'released', 'rejected', 'discarded']);
  t.same(await complete('inbox', 'list', '--state', 's'), ['seen']);
  t.same(await complete('dead-letter', 'retry', '--u'), ['--url']);
});
