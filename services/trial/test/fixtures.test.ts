/** What the trial plays, held against the packages that say what a statement is: nothing invented here may be wrong. */
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { decodeXml, draftAlert, readDeclaration, shipmentOf, standardRules } from '@entente/interop';
import { checkIdentifiers, type Json, kinds, type StatementInput, validateFull } from '@entente/statement';
import t, { type Test } from 'tap';
import { answered, completed } from '../src/decision.js';
import {
  answerTo,
  decisionOn,
  expectationsOf,
  expectationsOfAnswer,
  expectationsOfOnward,
  inventedDeclarations,
  onwardOf,
} from '../src/fixtures.js';
import { type Expectation, leafPointers } from '../src/leaks.js';
import { plans } from '../src/scenario.js';

const now = Date.parse('2026-03-02T09:00:00Z');
const files = await inventedDeclarations(99);
const known = new Set(plans.map((plan) => plan.id));

/** Of a declaration that is new and licensed or listed. */
function draftOf(bytes: Buffer): Partial<StatementInput> | undefined {
  const declaration = readDeclaration(decodeXml(bytes));
  if (declaration.function !== 'new') return undefined;
  return draftAlert(shipmentOf(declaration), standardRules, { now: now / 1000, lang: 'en' }).draft as Partial<StatementInput> | undefined;
}

function holds(t: Test, input: StatementInput, expectations: Expectation[]): void {
  const kind = kinds.get(input.kind)!;
  t.same(validateFull(kind, input), [], 'a whole statement, without a warning');
  t.same(
    checkIdentifiers(kind, input.body).filter((check) => check.check === 'FAIL'),
    [],
    'every number passes its check',
  );
  const flat = { ...(input.rel.length > 0 ? { rel: input.rel } : {}), body: input.body } as unknown as Json;
  const text = JSON.stringify(flat);
  for (const { partner, visible, withheld, secrets } of expectations) {
    t.ok(known.has(partner), partner);
    t.same([...visible, ...withheld].sort(), leafPointers(flat).sort(), `${partner}: each value is seen or withheld`);
    for (const secret of secrets) t.ok(text.includes(secret), `${secret} is in the statement`);
    t.equal(secrets.length > 0, withheld.length > 0, 'what is withheld has a text to look for');
  }
}

for (const { name, bytes } of files) {
  const draft = draftOf(bytes);
  if (!draft) continue;
  t.test(`${name}: decision, statement and expectations fit each other`, async (t) => {
    const decision = await decisionOn(name);
    const expectations = await expectationsOf(name);
    t.same(new Set(expectations?.map((e) => e.partner)), new Set(decision.addressees), 'somebody wrote down what each addressee may see');
    holds(t, completed(draft, decision, now), expectations ?? []);
    const answer = await answerTo(name);
    if (!answer) return;
    const about = await expectationsOfAnswer(name);
    t.same(new Set(about?.map((e) => e.partner)), new Set(answer.addressees));
    holds(t, answered(answer, 'A'.repeat(43), now), about ?? []);
    const onward = await onwardOf(name);
    if (!onward) return;
    t.equal(onward.originator, answer.from);
    t.same([onward.holder], answer.addressees);
    const passedOn = await expectationsOfOnward(name);
    t.same(
      passedOn?.map((e) => e.partner),
      [onward.to],
    );
    holds(t, answered(answer, 'A'.repeat(43), now), passedOn ?? []);
  });
}

t.test('every declaration is played in some run, and every file beside them belongs to one', async (t) => {
  const at = (folder: string) => readdir(fileURLToPath(new URL(`../../fixtures/${folder}`, import.meta.url)));
  const names = (await at('declarations')).sort();
  t.same(files.map((file) => file.name).sort(), names);
  const stems = new Set(['any-other', ...names.map((name) => name.replace('.xml', ''))]);
  for (const folder of ['decisions', 'answers', 'onward', 'expectations'])
    for (const file of await at(folder)) t.ok(stems.has(file.replace(/(\.answer|\.onward)?\.json$/, '')), `${folder}/${file}`);
});
