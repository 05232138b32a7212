/** No pattern by which input is judged takes time that grows out of proportion with what is sent. */
import { runInNewContext } from 'node:vm';
import { jsonSchema, kinds } from '@entente/statement';
import fc from 'fast-check';
import t from 'tap';
import { provider, world } from './world.js';

const home = await provider();
t.teardown(() => home.close());
const { app } = await world({ issuers: home.trusted() });
t.teardown(() => app.close());

function patternsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'pattern' && typeof inner === 'string') found.add(inner);
    else patternsIn(inner, found);
  }
  return found;
}
const patterns = patternsIn([app.swagger(), [...kinds.values()].map((kind) => jsonSchema(kind))]);

/** An exponential expression would need longer than anybody lives; a second and more is for busy machines. */
const PATIENCE_MS = 10_000;
const LENGTH = 5_000;
const letters = ['a', 'A', '0', '-', '_', '.', '/', ':', ' ', '%', '\u00e9', '\u{1f600}'];

t.test('what almost fits each pattern, for a long time, is refused at once', (t) => {
  t.ok(patterns.size > 20, `${patterns.size} patterns`);
  for (const pattern of patterns) {
    // Of what looks ahead fast-check makes no examples.
    const fitting = /\(\?[=!<]/.test(pattern) ? [] : fc.sample(fc.stringMatching(new RegExp(pattern, 'u')), { numRuns: 5, seed: 1 });
    const pumped = [...letters, ...fitting].map((text) => `${(text || 'a').repeat(Math.ceil(LENGTH / (text.length || 1)))}\u0000`);
    const context = { pattern, pumped };
    t.doesNotThrow(
      () => runInNewContext('pumped.forEach((text) => new RegExp(pattern, "u").test(text))', context, { timeout: PATIENCE_MS }),
      pattern,
    );
  }
  t.end();
});
