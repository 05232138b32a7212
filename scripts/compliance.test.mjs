// Every row of docs/compliance.md names a test that is there and carries its id.
import { readFile } from 'node:fs/promises';
import t from 'tap';

const root = new URL('../', import.meta.url);
const page = await readFile(new URL('docs/compliance.md', root), 'utf8');
const rows = [...page.matchAll(/^\| ([A-Z]+-?\d+) \|.*\| `([^`]+)` \|$/gm)].map(([, id, file]) => ({ id, file }));

t.test('each rule of the page is held by a test of its name', async (t) => {
  t.ok(rows.length >= 10, `${rows.length} rules`);
  for (const { id, file } of rows) {
    const source = await readFile(new URL(file, root), 'utf8');
    const titles = [...source.matchAll(/t\.test\(\s*(['"`])(.*?)\1/gs)].map(([, , title]) => title);
    t.ok(
      titles.some((title) => new RegExp(`\\b${id}\\b`).test(title)),
      `${id} in ${file}`,
    );
  }
});
