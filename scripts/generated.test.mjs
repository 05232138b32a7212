import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { outdated } from './generated.mjs';

const write = (file, text) => [process.execPath, '-e', `fs.writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(text)})`];

t.test('names what differs from what its command makes, and leaves all as it was', async (t) => {
  const base = t.testdir({ 'same.txt': 'one\n', 'edited.txt': 'by hand', vectors: { 'a.json': '1', 'stale.json': '2' } });
  const table = [
    { path: 'same.txt', command: [process.execPath, '-p', '"one"'], stdout: true },
    { path: 'edited.txt', command: [process.execPath, '-p', '"two"'], stdout: true },
    { path: 'vectors', command: [process.execPath, '-e', "fs.rmSync('vectors/stale.json'); fs.writeFileSync('vectors/new.json', '3')"] },
    { path: 'missing.txt', command: write('missing.txt', 'made') },
  ];
  t.same(outdated(table, base).sort(), ['edited.txt', 'missing.txt', 'vectors/new.json', 'vectors/stale.json']);
  t.same(readdirSync(base).sort(), ['edited.txt', 'same.txt', 'vectors']);
  t.same(readdirSync(join(base, 'vectors')).sort(), ['a.json', 'stale.json']);
  t.equal(readFileSync(join(base, 'edited.txt'), 'utf8'), 'by hand');
  writeFileSync(join(base, 'edited.txt'), 'two\n');
  t.same(outdated(table.slice(0, 2), base), []);
});

t.test('a command that fails is an error, and what it was to make stays', async (t) => {
  const base = t.testdir({ 'kept.txt': 'kept' });
  const table = [{ path: 'kept.txt', command: [process.execPath, '-e', "fs.rmSync('kept.txt'); process.exit(3)"] }];
  t.throws(() => outdated(table, base), { message: /kept\.txt: .* failed/ });
  t.equal(readFileSync(join(base, 'kept.txt'), 'utf8'), 'kept');
});
