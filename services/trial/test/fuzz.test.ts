/** A short part of `npm run fuzz`, and everything that it has found so far, again. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { fuzzEndpoints } from '../src/fuzz/endpoints.js';
import { parsers } from '../src/fuzz/parsers.js';
import { fuzzReaders, holds } from '../src/fuzz/readers.js';

const seed = Date.now() % 2 ** 31;

t.test('what spoilt texts have found once is not found again', async (t) => {
  const corpus = JSON.parse(await readFile(new URL('../../fixtures/fuzz/found.json', import.meta.url), 'utf8')) as {
    parser: string;
    text: string;
  }[];
  for (const { parser: name, text } of corpus) {
    const parser = parsers.find((one) => one.name === name)!;
    await t.resolves(holds(parser, text), name);
  }
});

t.test(`every parser reads or refuses whatever comes (seed ${seed})`, async (t) => {
  for (const parser of parsers)
    t.ok((await Promise.all(parser.seeds.map((text) => holds(parser, text)))).includes(true), `${parser.name}: a seed can be read`);
  const { inputs, read, finds } = await fuzzReaders({ seconds: 4, seed });
  t.same(finds, []);
  t.ok(read > 0 && inputs > read, `${inputs} texts, ${read} read`);
});

t.test(`a node refuses whatever is asked with a code, tells nothing and stays up (seed ${seed})`, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'entente-fuzz-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const { requests, finds, succeeded } = await fuzzEndpoints({ folder, seconds: 6, seed });
  t.same(finds, []);
  t.ok(requests > 50 && succeeded > 3, `${requests} requests`);
});
