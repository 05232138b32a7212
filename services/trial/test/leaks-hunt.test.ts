import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { hunt } from '../src/leaks-hunt/hunt.js';
import { type Act, type Canary, type Consent, mayCross, type Told } from '../src/leaks-hunt/oracle.js';

t.test('the oracle knows the rules by itself', async (t) => {
  const grant = { from: ['a', 'c'], to: ['b'], kinds: ['alert'], classes: ['N0', 'N1'], purposes: ['LICENSING'], tlp: 'AMBER' };
  const act = { from: 'a', addressees: ['b'], grants: [grant] };
  const told: Told = { kind: 'alert', tlp: 'AMBER', purposes: ['LICENSING'], canaries: [], acts: [act] };
  const canary = { value: 'x', dataClass: 'N0' as const, field: '/body/title' };
  const may = (change: Partial<Told>, to = 'b', from = 'a', what: Canary = canary) =>
    mayCross({ ...told, ...change }, what, from, to) !== undefined;
  t.equal(may({}), true);
  const others: Partial<Told>[] = [{ kind: 'denial' }, { tlp: 'RED' }, { purposes: ['TRAINING'] }, { acts: [] }];
  const acts: Partial<Act>[] = [{ addressees: [] }, { grants: [] }, { from: 'c' }];
  for (const change of [...others, ...acts.map((one) => ({ acts: [{ ...act, ...one }] }))])
    t.equal(may(change), false, JSON.stringify(change));
  t.equal(may({}, 'c'), false);
  t.equal(may({}, 'b', 'a', { ...canary, dataClass: 'C1' }), false);
  const consent = { classes: ['N0'], fields: ['/body/title'], purposes: ['LICENSING'] };
  const passed = (change: Partial<Consent>) => ({ acts: [act, { ...act, from: 'c', consent: { ...consent, ...change } }] });
  t.equal(may(passed({}), 'b', 'c'), true, 'by whom its originator has consented to');
  t.equal(may({}, 'b', 'c'), false, 'and without consent not at all');
  for (const change of [{ classes: ['N1'] }, { fields: ['/body/goods'] }, { purposes: ['CUSTOMS_CONTROL'] }])
    t.equal(may(passed(change), 'b', 'c'), false, JSON.stringify(change));
});

t.test('a hunt over real wires finds no leak, and finds two that are planted: one told, one passed on', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'entente-hunt-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const hunted = await hunt({ folder, seconds: 8, seed: 4, nodes: 3, plant: ['told', 'passed_on'] });
  t.ok(hunted.crossed > 0 && hunted.cases > hunted.crossed && hunted.bytes_checked > 0, JSON.stringify(hunted));
  t.equal(hunted.leaks.length, 2, 'the planted ones, and no other');
});
