import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { findings } from './lint-api.mjs';

t.test('the published description keeps to every rule', async (t) => {
  t.same(await findings(), []);
});

t.test('what a description lacks, or says wrongly, is found with its place', async (t) => {
  const operation = {
    operationId: 'listShips',
    summary: 'Ships',
    tags: ['Ships'],
    parameters: [{ name: 'flag', in: 'query', schema: { type: 'string' } }],
    responses: { 200: { description: 'Ships.', content: { 'application/json': { schema: { type: 'array' }, example: 7 } } } },
  };
  const file = join(t.testdir(), 'openapi.json');
  writeFileSync(file, JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: { '/ships': { get: operation } } }));
  const found = (await findings(file)).join('\n');
  for (const rule of [
    'operation-description',
    'operation-tag-defined',
    'parameter-description',
    'no-invalid-media-type-examples',
    'operation-4xx-response',
  ])
    t.match(found, new RegExp(`^${rule} #/paths`, 'm'), rule);
});
