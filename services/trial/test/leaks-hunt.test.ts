import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { hunt } from '../src/leaks-hunt/hunt.js';
import { mayCross, type Told } from '../src/leaks-hunt/oracle.js';

t.test('the oracle knows the rules by itself', async (t) => {
  const grant = { from: ['a'], to: ['b'], kinds: ['alert'], classes: ['N0'], purposes: ['LICENSING'], tlp: 'AMBER' };
  const told: Told = { from: 'a', addressees: ['b'], kind: 'alert', tlp: 'AMBER', purposes: ['LICENSING'], canaries: [], grants: [grant] };
  const canary = { value: 'x', dataClass: 'N0' as const };
  const may = (change: Partial<Told>, to = 'b', from = 'a') => mayCross({ ...told, ...change }, canary, from, to);
  t.equal(may({}), true);
  for (const change of [{ addressees: [] }, { kind: 'denial' }, { tlp: 'RED' }, { purposes: ['TRAINING'] }, { grants: [] }, { from: 'c' }])
    t.equal(may(change), false, JSON.stringify(change));
  t.equal(may({}, 'c'), false);
  t.equal(mayCross(told, { value: 'x', dataClass: 'C1' }, 'a', 'b'), false);
});

t.test('a hunt over real wires finds no leak, and finds one that is planted', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'entente-hunt-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const hunted = await hunt({ folder, seconds: 8, seed: 4, nodes: 3, plant: true });
  t.ok(hunted.crossed > 0 && hunted.cases > hunted.crossed && hunted.bytes_checked > 0, JSON.stringify(hunted));
  t.equal(hunted.leaks.length, 1, 'the planted one, and no other');
});
