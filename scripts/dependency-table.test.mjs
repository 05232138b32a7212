import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { table, violations } from './dependency-table.mjs';
import { root } from './setup.mjs';
import { folders } from './source-files.mjs';

const parts = ['packages', 'services'];

function copy(test) {
  const base = test.testdir();
  for (const parent of parts) {
    for (const name of folders(root, parent)) {
      for (const part of ['src', 'package.json'])
        cpSync(join(root, parent, name, part), join(base, parent, name, part), { recursive: true });
    }
  }
  return base;
}

t.same(violations(), [], 'the sources keep to the table');

const forbidden = [
  ['packages/policy/src/up.ts', "import '@entente/seal';", /up\.ts:1 imports @entente\/seal: a decision depends on/],
  ['packages/statement/src/io.ts', "\nimport { readFile } from 'node:fs/promises';", /io\.ts:2 imports node:fs\/promises: pure code/],
  ['packages/ledger/src/now.ts', 'export const at = () => Date.now();', /uses Date\.now: pure code/],
  ['packages/ledger/src/clock.ts', 'export const at = () => new Date();', /asks for the present time: pure code/],
  ['packages/interop/src/environment.ts', "export const home = process.env['HOME'];", /uses process\.env: pure code/],
  ['packages/seal/src/network.ts', 'export const x = () => fetch(String());', /uses fetch: pure code/],
  ['services/auditor/src/lazy.ts', "export const x = () => import('@entente/store');", /imports @entente\/store: an auditor who shared/],
  ['services/auditor/src/type.ts', "export type X = import('@entente/node').X;", /imports @entente\/node: an auditor who shared/],
  ['services/trial/src/reach.ts', "export * from '../../node/src/app.js';", /reaches into another folder/],
  ['services/cli/src/database.ts', "import pg from 'pg';", /imports pg: SQL in one place/],
  ['services/cli/src/undeclared.ts', "import fastify from 'fastify';", /imports fastify, which its package\.json does not name/],
  [
    'services/node/src/query.ts',
    'export const q = (id: string) => `SELECT * FROM statement WHERE id = $' + '{id}`;',
    /query\.ts:1 speaks SQL \(SELECT/,
  ],
  ['services/node/src/small.ts', "export const q = 'delete from statement where id = 1';", /small\.ts:1 speaks SQL \(delete/],
  ['packages/helpers/src/index.ts', 'export {};', /packages\/helpers is no folder of the layout/],
  ['lib/index.ts', 'export {};', /lib is no folder of the layout/],
];

const allowed = [
  ['packages/seal/src/planted.node.ts', "import 'node:crypto';"],
  ['packages/ledger/src/planted.ts', 'export const year = (at: number) => new Date(at).getUTCFullYear();'],
  ['services/node/src/planted.ts', "export const help = 'Select one from the list. Update it, delete from it, create table mats';"],
];

t.test('each kind of violation is found, with its place and the reason', async (t) => {
  const base = copy(t);
  for (const [file, text] of [...forbidden, ...allowed]) {
    mkdirSync(dirname(join(base, file)), { recursive: true });
    writeFileSync(join(base, file), text);
  }
  const found = violations(base);
  for (const [file, , expected] of forbidden)
    t.ok(
      found.some((line) => expected.test(line)),
      file,
    );
  t.equal(found.length, forbidden.length, 'and nothing else');
});

t.test('every rule says why', async (t) => {
  for (const [folder, rule] of Object.entries(table)) t.ok(rule.why.length > 10, folder);
});
