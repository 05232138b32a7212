import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findKeyIn, inspectEntityConfiguration, openAgreement } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import t, { type Test } from 'tap';
import { agencyFlags, entente } from './program.js';

const nl = 'https://nl-cus.example';
const de = 'https://de-lic.example';

const payload = {
  id: 'urn:uuid:01989d00-0000-7000-8000-000000000001',
  version: 1,
  title: 'Exchange on the lower Rhine',
  instrument: 'Invented treaty of Nijmegen, article 7',
  parties: [nl, de],
  effective: 1_700_000_000,
  expires: 2_000_000_000,
  grants: [
    {
      from: [nl],
      to: [de],
      kinds: ['alert', 'sighting'],
      classes: ['N0', 'N1'],
      purposes: ['EXPORT_CONTROL'],
      handling_ceiling: { tlp: 'AMBER', classification: 'NONE' },
      retention_days: 365,
      onward: 'none',
      release: 'second_officer',
    },
  ],
  grace_hours: 24,
};

async function parties(t: Test, flags: Record<string, string> = {}) {
  const dir = t.testdir({ 'rhine.json': JSON.stringify(payload, null, 2) });
  for (const [name, id] of [
    ['nl', nl],
    ['de', de],
  ] as const) {
    await entente(['init', join(dir, name), ...agencyFlags(id, flags), '--trial']);
  }
  return { text: join(dir, 'rhine.json'), jws: join(dir, 'rhine.jws.json'), at: (...path: string[]) => join(dir, ...path) };
}

const sign = (file: string, config: string, ...more: string[]) => entente(['agreement', 'sign', file, '-c', config, '--json', ...more]);

t.test('two agencies sign one after the other, and the whole opens with their published keys', async (t) => {
  const { text, jws, at } = await parties(t);
  const first = await sign(text, at('nl', 'entente.json'));
  t.match({ code: first.code, ...JSON.parse(first.out) }, { code: 0, file: jws, signed_by: [nl], missing: [de] });
  const second = await sign(jws, at('de', 'entente.json'));
  t.match({ code: second.code, ...JSON.parse(second.out) }, { code: 0, file: jws, signed_by: [nl, de], missing: [] });
  const configurations = await Promise.all(['nl', 'de'].map((name) => readFile(at(name, 'entity-configuration.jwt'), 'utf8')));
  const findKey = findKeyIn(
    configurations.map((jwt) => inspectEntityConfiguration(jwt.trim()).configuration),
    verificationKey,
  );
  const opened = await openAgreement((await readFile(jws, 'utf8')).trim(), { findKey, at: Math.floor(Date.now() / 1000) });
  t.same(opened.payload, payload);
  t.same([...opened.signedBy].sort(), [de, nl]);
});

t.test('signing again changes nothing, and no signatures are overwritten', async (t) => {
  const { text, jws, at } = await parties(t);
  await sign(text, at('nl', 'entente.json'));
  const before = await readFile(jws, 'utf8');
  const again = await entente(['agreement', 'sign', jws, '-c', at('nl', 'entente.json')]);
  t.match(again, { code: 0, out: /signed this already/ });
  t.match(await sign(text, at('nl', 'entente.json')), { code: 2, out: /already_there/ });
  t.equal(await readFile(jws, 'utf8'), before);
});

t.test('a federation key that is kept elsewhere signs without a configuration', async (t) => {
  const { text, at } = await parties(t);
  const out = at('elsewhere.jws.json');
  const flags = ['--key', at('nl', 'secrets', 'keys', 'federation.json'), '--party', nl, '--out', out];
  t.match(await entente(['agreement', 'sign', text, ...flags]), { code: 0, out: /Still to sign: https:\/\/de-lic\.example/ });
  const statementKey = ['--key', at('nl', 'secrets', 'keys', 'statement.json'), '--party', nl, '--out', at('other.jws.json')];
  t.match(await entente(['agreement', 'sign', text, ...statementKey]), { code: 2, err: /holds no federation key/ });
});

t.test('what is no agreement, or not ours, is not signed', async (t) => {
  const { at, text } = await parties(t);
  const file = at('bad.json');
  const bad: [string, RegExp, number][] = [
    ['{', /no valid agreement/, 1],
    ['{"id":"a","id":"b"}', /duplicate_member/, 1],
    [JSON.stringify({ ...payload, parties: 'all' }), /bad_agreement/, 1],
    [JSON.stringify({ ...payload, version: 1.5 }), /bad_number/, 1],
    [JSON.stringify({ ...payload, parties: [de, 'https://qm-cus.example'] }), /no party/, 1],
  ];
  for (const [content, words, code] of bad) {
    await writeFile(file, content);
    t.match(await entente(['agreement', 'sign', file, '-c', at('nl', 'entente.json')]), { code, err: words }, content.slice(0, 40));
  }
  t.match(await entente(['agreement', 'load', text, '-c', at('nl', 'entente.json')]), { code: 1, err: /no signatures/ });
});

t.test('a file is shown, verified with configurations that are given, and not without', async (t) => {
  const { text, jws, at } = await parties(t);
  t.match(await entente(['agreement', 'show', text]), { code: 0, out: /lower Rhine.*\n {2}https:\/\/nl-cus\.example: not signed/ });
  await sign(text, at('nl', 'entente.json'));
  t.match(await entente(['agreement', 'show', jws]), {
    code: 0,
    out: /nl-cus\.example: signed, not verified\n.*de-lic.*: not signed\n.*--configuration[\s\S]*kept 365 days/,
  });
  const show = (name: string) => entente(['agreement', 'show', jws, '--json', '--configuration', at(name, 'entity-configuration.jwt')]);
  t.match(JSON.parse((await show('nl')).out), { verified: [nl], signed_by: [nl], payload });
  t.match(JSON.parse((await show('de')).out), { verified: [], signed_by: [nl] });
  const forged = JSON.parse(await readFile(jws, 'utf8'));
  forged.payload = Buffer.from(JSON.stringify({ ...payload, grace_hours: 0 })).toString('base64url');
  await copyFile(jws, at('forged.json'));
  await writeFile(at('forged.json'), JSON.stringify(forged));
  t.match(await entente(['agreement', 'show', at('forged.json'), '--configuration', at('nl', 'entity-configuration.jwt')]), {
    code: 1,
    err: /bad_signature/,
  });
});

t.test('a signed agreement is loaded into the node, and the held ones are listed', async (t) => {
  const asked: [string | undefined, string | undefined, string][] = [];
  const standing = [{ party: de, state: 'in_force', reason: 'Both have signed it and it is in time.' }];
  const held = { id: payload.id, version: 1, digest: 'd', signed_by: [nl, de], standing };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push([request.method, request.url, Buffer.concat(chunks).toString()]);
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(request.method === 'GET' ? { items: [held] } : held));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { text, jws, at } = await parties(t, { 'agency-port': String((server.address() as AddressInfo).port) });
  const config = at('nl', 'entente.json');
  await sign(text, config);
  t.match(await entente(['agreement', 'load', jws, '-c', config]), { code: 0, out: /holds urn:uuid.* version 1 now/ });
  t.match(asked, [['POST', '/v1/agreements', (await readFile(jws, 'utf8')).trim()]]);
  t.match(await entente(['agreement', 'list', '-c', config]), { code: 0, out: /^ID .*VERSION.*\nurn:uuid/ });
});
