/** `npm start` as its users have it: the program as a process, from the first run to Ctrl-C. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { until } from '../src/until.js';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
const declarations = fileURLToPath(new URL('../../fixtures/declarations/', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'entente-start-'));
t.teardown(() => rm(folder, { recursive: true, force: true }));

interface Started {
  child: ChildProcess;
  said(): string;
  ended: Promise<number | null>;
}

function start(...args: string[]): Started {
  const child = spawn(process.execPath, [main, '--folder', join(folder, 'trial'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  t.teardown(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return { child, said: () => Buffer.concat(chunks).toString(), ended };
}

async function runOnce(...args: string[]) {
  const { said, ended } = start('--once', '--json', ...args);
  const code = await ended;
  return { code, said: said(), result: JSON.parse(said().trimEnd().split('\n').at(-1)!) };
}

const outcomes = (files: { file: string; shipment?: string; posted?: string }[]) =>
  Object.fromEntries(files.map(({ file, shipment, posted }) => [file.slice(0, 2), posted ? 'posted' : shipment]));

t.test('what cannot be read is said in words and as JSON, before anything starts', async (t) => {
  await mkdir(join(folder, 'empty'));
  for (const [input, words] of [
    [join(folder, 'nowhere'), /nowhere cannot be read \(ENOENT\)/],
    [join(folder, 'empty'), /there is no XML file in/],
  ] as const) {
    const { code, result } = await runOnce('--input', input);
    t.equal(code, 1);
    t.match(result, { ok: false, error: words });
  }
});

t.test('the first run: everything holds, and its last line says so', async (t) => {
  const { code, said, result } = await runOnce();
  t.equal(code, 0, said);
  t.match(result, {
    ok: true,
    agencies: 3,
    declarations: 4,
    shipments: 4,
    drafts: 2,
    posted: 3,
    released: 5,
    received: 5,
    receipts: 5,
    consents: 1,
    relayed: 1,
    recalled: 1,
    holders: 2,
    complied: 2,
    leak_checks: 6,
    leaked_fields: 0,
    missing_fields: 0,
    logs_verified: 3,
    reconciled: 3,
    findings: [],
  });
  t.same(outcomes(result.files), { '01': 'posted', '02': 'new', '03': 'new', '04': 'posted' });
  for (const words of [
    /read out on the telephone/,
    /An officer completes it. His reason: "/,
    /withheld +P1/,
    /Both verified the same signature/,
    /proposes "Trial arrangement/,
    /countersigns; between those who have signed it is in force/,
    /Before it leaves, its officer sees who gets what:/,
    /its node refuses: no rule permits/,
    /Until it is answered nothing\s+moves/,
    /is\s+signed\s+by\s+Customs\s+of\s+Merovia/,
    /qm-cus +https:\/\/nl-cus\.example +PENDING/,
    /https:\/\/de-lic\.example\s+answers\s+Customs\s+of\s+the\s+Netherlands[^:]+signed:\s+COMPLIED/,
    /1\s+to\s+whom\s+it\s+had\s+passed\s+it\s+on\s+has\s+been\s+told/,
    /destroyed,\s+and\s+still\s+every\s+log/,
  ])
    t.match(said, words);
});

t.test('the second run goes on with the data: what was there is recognised, what is new is posted', async (t) => {
  const { code, said, result } = await runOnce();
  t.equal(code, 0, said);
  const known = { '01': 'already_known', '02': 'already_known', '03': 'already_known', '04': 'already_known' };
  t.same(outcomes(result.files), { ...known, '05': 'posted', '06': 'amended' });
  t.match(result, {
    ok: true,
    posted: 2,
    consents: 1,
    relayed: 1,
    recalled: 1,
    complied: 2,
    leaked_fields: 0,
    logs_verified: 3,
    reconciled: 3,
  });
  t.match(said, /They know each other from an earlier run/);
  t.match(said, /its alert was released before: an officer decides whether a correction is due/);
});

t.test('declarations from a folder, one of them unreadable; then it stays up until Ctrl-C', async (t) => {
  const input = join(folder, 'declarations');
  await mkdir(join(input, 'inner'), { recursive: true });
  await cp(join(declarations, '07-watches-and-transducers.xml'), join(input, 'inner', '07-watches-and-transducers.xml'));
  await cp(join(declarations, '01-carbon-fibre.xml'), join(input, '01-carbon-fibre.xml'));
  await writeFile(join(input, '00-torn.xml'), '<MetaData>\n<Declaration></MetaData>');
  await writeFile(join(input, 'notes.txt'), 'no declaration');
  const { child, said, ended } = start('--input', input);
  await until('the invitation', async () => (said().includes('The agencies stay up') || child.exitCode !== null ? true : undefined), 120);
  t.match(said(), /00-torn.xml: not taken - .*\(line 2, column \d+\)/);
  t.match(said(), /01-carbon-fibre.xml: already_known/);
  t.match(said(), /07-watches-and-transducers.xml: posted/);

  const lines = [...said().matchAll(/curl -s '([^']+)'((?: -H '[^']+')+)/g)];
  t.equal(lines.length, 4);
  for (const [, url, rest] of lines) {
    const headers = [...rest!.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name!, value!] as [string, string]);
    const response = await fetch(url!, { headers });
    t.equal(response.status, 200, url!);
    t.ok(Object.keys((await response.json()) as object).length > 0);
  }
  child.kill('SIGINT');
  child.kill('SIGINT'); // as npm does with a Ctrl-C that the terminal has sent already
  t.equal(await ended, 0, said());
  t.match(said(), /Everything is stopped in order/);
  await t.rejects(fetch(new URL('/readyz', lines[0]![1])), 'no node is left behind');
});
