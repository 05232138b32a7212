import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { prove } from '@entente/auditor';
import { leafHash, nodeHash } from '@entente/ledger';
import t from 'tap';
import { type Files, filesOf } from '../src/package/files.js';
import { inclusionSteps } from '../src/package/inclusion-steps.js';
import { exchange } from './fake-node.js';

const disclosure = Buffer.from('["c2FsdHNhbHRzYWx0c2FsdA","title","Broken seal"]').toString('base64url');

async function packed(disclosures: string[] = []): Promise<Files> {
  const { a, b, released } = await exchange();
  a.witnesses.push(b);
  return filesOf({ ...(await prove(a, released[0]!.statement, { madeAt: '2030-04-01T00:00:00Z' })), disclosures });
}

function unpacked(t: { teardown(end: () => void): void }, files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

/** What the page tells its reader to type, in order. */
const commandsIn = (files: Files): string[] =>
  [...new TextDecoder().decode(files['README.html']).matchAll(/<pre class="command">([^<]*)<\/pre>/g)].map(([, command]) =>
    command!.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  );

const follow = (folder: string, command: string) => spawnSync('bash', ['-e', '-c', command], { cwd: folder, encoding: 'utf8' });
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

t.test('a stranger follows the page, word by word', { skip: hasOpenssl ? false : 'there is no openssl here' }, async (t) => {
  const files = await packed();
  const folder = unpacked(t, files);
  const commands = commandsIn(files);
  t.ok(commands.length >= 10);
  for (const command of commands) {
    const { status, stderr } = follow(folder, command);
    t.equal(status, 0, `${command}\n${stderr}`);
  }
});

t.test('and is told when a file is another one', { skip: hasOpenssl ? false : 'there is no openssl here' }, async (t) => {
  const files = await packed();
  const commands = commandsIn(files);
  const changed = [
    'signed/01.input',
    'signed/03.sig',
    'statement.txt',
    'log/checkpoint-01.input',
    'log/checkpoint-01.witness-1.sig',
    'log/leaf-01.json',
  ];
  for (const name of changed) {
    const bytes = files[name]!.slice();
    bytes[bytes.length - 2]! ^= 1;
    const folder = unpacked(t, { ...files, [name]: bytes });
    const failed = commands.filter((command) => follow(folder, command).status !== 0);
    t.ok(failed.length >= 2, `${name}: by its sum and by what it proves`);
  }
});

t.test('what is shown stands in the package, and nothing else does', async (t) => {
  const files = await packed([disclosure]);
  t.match(new TextDecoder().decode(files['disclosed/01.json']), 'Broken seal');
  t.match(new TextDecoder().decode(files['presentation.txt']), `~${disclosure}~`);
  t.equal(Object.keys(await packed()).filter((name) => name.startsWith('disclosed/')).length, 0);
});

t.test('the steps from a leaf lead to the root of every small tree', async (t) => {
  const leaves = Array.from({ length: 33 }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));
  const rootOf = (of: Uint8Array[]): Uint8Array =>
    of.length === 1 ? of[0]! : nodeHash(rootOf(of.slice(0, split(of.length))), rootOf(of.slice(split(of.length))));
  const pathOf = (index: number, of: Uint8Array[]): Uint8Array[] => {
    if (of.length === 1) return [];
    const k = split(of.length);
    return index < k
      ? [...pathOf(index, of.slice(0, k)), rootOf(of.slice(k))]
      : [...pathOf(index - k, of.slice(k)), rootOf(of.slice(0, k))];
  };
  for (let size = 1; size <= leaves.length; size++) {
    const tree = leaves.slice(0, size);
    for (let index = 0; index < size; index++) {
      const root = inclusionSteps(index, size, pathOf(index, tree)).reduce<Uint8Array>((hash, { side, hash: text }) => {
        const neighbour = new Uint8Array(Buffer.from(text, 'base64'));
        return side === 'left' ? nodeHash(neighbour, hash) : nodeHash(hash, neighbour);
      }, tree[index]!);
      if (Buffer.compare(root, rootOf(tree)) !== 0) t.fail(`leaf ${index} of ${size}`);
    }
  }
  t.pass('all of them');
});

function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}
