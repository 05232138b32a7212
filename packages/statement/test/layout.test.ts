import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import {
  classOf,
  codesOf,
  type DataClass,
  type Json,
  type JsonObject,
  type Kind,
  kinds,
  layout,
  type Part,
  partsOf,
  type SdArray,
  type SdObject,
  type SdValue,
  StatementError,
  unfold,
  validateDisclosed,
  validateDraft,
  validateFull,
} from '../src/index.js';
import { itemsOf, membersOf } from '../src/schema/annotate.js';
import type { Annotated } from '../src/schema/members.js';
import { walk } from '../src/schema/walk.js';
import { alert, claimsOf, person, sampleAlert, sampleOf, sighting } from './samples.js';

/** What the recipient's node makes of disclosures: groups stand in their element under the name of their class. */
function fold(value: SdValue, keep: (part: Part) => boolean = () => true): Json {
  if ('json' in value) return value.json;
  return 'object' in value ? foldObject(value.object, keep) : foldArray(value.array, keep);
}
function foldObject({ open, hidden }: SdObject, keep: (part: Part) => boolean): JsonObject {
  const kept = hidden.filter(({ part }) => keep(part));
  return { ...open, ...Object.fromEntries(kept.map(({ name, value }) => [name, fold(value, keep)])) };
}
function foldArray({ elements }: SdArray, keep: (part: Part) => boolean): Json[] {
  return elements.filter(({ part }) => !part || keep(part)).map(({ value }) => fold(value, keep));
}

/** Every leaf with the part that discloses it. */
function leaves(value: SdValue, pointer: string, part: Part): { leaf: string; part: Part }[] {
  if ('json' in value) return leavesOf(value.json, pointer).map((leaf) => ({ leaf, part }));
  if ('array' in value) return value.array.elements.flatMap((e, i) => leaves(e.value, `${pointer}/${i}`, e.part ?? part));
  const { open, hidden } = value.object;
  const apart = hidden.flatMap((m) => leaves(m.value, m.name === m.part.dataClass ? pointer : `${pointer}/${m.name}`, m.part));
  return [...leavesOf(open, pointer).map((leaf) => ({ leaf, part })), ...apart];
}
function leavesOf(value: Json, pointer: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => leavesOf(item, `${pointer}/${i}`));
  if (value === null || typeof value !== 'object') return [pointer];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${pointer}/${name}`));
}

/** Values of the shape of a schema: right codes, any text. */
function shaped(node: Annotated): fc.Arbitrary<Json> {
  const items = itemsOf(node);
  if (items) return fc.array(shaped(items), { maxLength: 3 });
  const members = Object.entries(membersOf(node));
  const required = (node as { required?: string[] }).required ?? [];
  if (members.length > 0) {
    const model = Object.fromEntries(members.map(([name, member]) => [name, shaped(member)]));
    return fc.record(model, { requiredKeys: required, noNullPrototype: true }) as fc.Arbitrary<Json>;
  }
  if (node['x-list']) return fc.constantFrom(...codesOf(node['x-list']).slice(0, 12));
  return (node as { type?: string }).type === 'string' ? fc.string({ maxLength: 8 }) : fc.oneof(fc.boolean(), fc.nat(99));
}
const bodies = (kind: Kind) => shaped({ ...kind.body, required: [] } as unknown as Annotated) as fc.Arbitrary<JsonObject>;

t.test('the sample alert has about twenty disclosures, thirty at most', async (t) => {
  const { parts, body, rel } = layout(alert, sampleAlert());
  t.ok(parts.length <= 30, String(parts.length));
  t.equal(parts.length, 25);
  t.same(body.open, {});
  t.equal(body.slots, Object.keys(membersOf(alert.body)).length, 'one digest for each member of the schema');
  t.same(rel, { elements: [], slots: 4 }, 'decoys hide that nothing is related');
  const classes = new Map(parts.map(({ pointer, dataClass }) => [pointer, dataClass]));
  const expected: [string, DataClass][] = [
    ['/body/title', 'N0'],
    ['/body/narrative', 'N0'],
    ['/body/goods', 'N0'],
    ['/body/goods/0', 'N0'],
    ['/body/goods/0/C1', 'C1'],
    ['/body/parties', 'N0'],
    ['/body/parties/1', 'N1'],
    ['/body/transport/0', 'N1'],
    ['/body/route/2', 'N0'],
  ];
  for (const [pointer, dataClass] of expected) t.equal(classes.get(pointer), dataClass, pointer);
  t.same(partsOf(alert, sampleAlert().body, []), parts);
});

t.test('slots never tell what is there', async (t) => {
  const bodyOf = (body: JsonObject) => layout(alert, { body, rel: [] }).body;
  t.equal(bodyOf({}).slots, bodyOf(sampleAlert().body).slots);
  const [legal] = sampleAlert().body.parties as JsonObject[];
  const slots = (party: JsonObject) => {
    const { value } = bodyOf({ parties: [party] }).hidden[0]!;
    const element = 'array' in value ? value.array.elements[0]!.value : { json: null };
    return 'object' in element ? element.object.slots : undefined;
  };
  t.equal(slots(person()), slots(legal!));
  for (const [count, expected] of [
    [1, 4],
    [4, 4],
    [5, 8],
    [9, 16],
  ] as const) {
    const route = Array.from({ length: count }, (_, i) => ({ id: `R${i + 1}`, seq: i + 1, function: 'TRANSIT', status: 'OBSERVED' }));
    const { value } = bodyOf({ route }).hidden[0]!;
    t.equal('array' in value && value.array.slots, expected);
    t.ok('array' in value && 'json' in value.array.elements[0]!.value, 'no other class is possible: nothing is nested');
  }
});

t.test('relations that end a use are open, the others are disclosed one by one', async (t) => {
  const of = 'A'.repeat(43);
  const rel = ['recalls', 'same_case', 'corrects', 'derives_from', 'supersedes'].map((type) => ({ type, of }));
  const laid = layout(alert, { body: {}, rel });
  t.same(
    laid.rel.elements.map(({ part }) => part?.pointer),
    [undefined, '/rel/1', undefined, '/rel/3', undefined],
  );
  t.equal(laid.rel.slots, 4);
  t.same(laid.parts, [
    { pointer: '/rel/1', dataClass: 'N0' },
    { pointer: '/rel/3', dataClass: 'N0' },
  ]);
});

t.test('classes that depend on a value', async (t) => {
  const classAt = (kind: Kind, body: JsonObject, pointer: string) =>
    partsOf(kind, body).find((part) => part.pointer === pointer)?.dataClass;
  t.equal(classAt(alert, { parties: [person()] }, '/body/parties/0'), 'P1');
  t.equal(classAt(alert, { parties: [{ id: 'P1', party_kind: 'UNKNOWN' }] }, '/body/parties/0'), 'P1', 'in doubt a person');
  t.equal(classAt(alert, { parties: [{ id: 'P1', party_kind: 'constructor' }] }, '/body/parties/0'), 'P1');
  t.equal(classAt(alert, { parties: [{ id: 'P1', party_kind: 'LEGAL', sex: '1' }] }, '/body/parties/0/P1'), 'P1');
  t.equal(classAt(alert, { narrative: 'x' }, '/body/narrative'), 'P1', 'undeclared prose counts as personal');
  t.equal(classAt(alert, { narrative: 'x', narrative_class: 'J1' }, '/body/narrative'), 'J1');
  t.equal(classAt(alert, { financial: [{ id: 'F1', holder_kind: 'NATURAL', iban: 'x', amount: '1' }] }, '/body/financial/0/C1'), 'C1');
  const learnt = (classes: Json[]) =>
    classAt(sighting, { new_identifiers: classes.map((data_class) => ({ data_class })) }, '/body/new_identifiers');
  t.equal(learnt(['N0', 'N1', 'N0']), 'N1');
  t.equal(learnt(['C1', 'J1', 'P1']), 'J1');
  t.equal(learnt(['N0', 'Q9']), 'P1');
  t.equal(learnt([]), 'P1');
});

t.test('what has no class does not leave', async (t) => {
  const cases: [Json, string][] = [
    [{ unknown: 1 }, 'unknown_member'],
    [JSON.parse('{"__proto__":1}'), 'unknown_member'],
    [{ constructor: 1 }, 'unknown_member'],
    [{ goods: [{ id: 'G1', toString: 1 }] }, 'unknown_member'],
    [{ goods: { 0: {} } }, 'bad_body'],
    [{ goods: ['G1'] }, 'bad_body'],
    [[], 'bad_body'],
  ];
  for (const [body, code] of cases) t.throws(() => partsOf(alert, body as JsonObject), { code });
});

t.test('unfold refuses members in a wrong place', async (t) => {
  const goods = (element: JsonObject) => () => unfold(alert, { goods: [element] });
  const bad: JsonObject[] = [
    { id: 'G1', C1: { description: 'x' } },
    { id: 'G1', C1: { unknown: 'x' } },
    { id: 'G1', C1: { value: '1' }, N1: { value: '1' } },
    { id: 'G1', N0: { description: 'x' } },
    { id: 'G1', P1: { value: '1' } },
    { id: 'G1', C1: ['value'] },
    { id: 'G1', value: '1' },
    { id: 'G1', value: '1', C1: { value: '1' } },
    { id: 'G1', C1: { id: 'G2' } },
    { id: 'G1', C1: { constructor: 1 } },
    JSON.parse('{"id":"G1","C1":{"__proto__":{"value":"1"}}}'),
  ];
  for (const element of bad) t.throws(goods(element), { code: 'bad_group' }, JSON.stringify(element));
  t.throws(() => unfold(alert, { parties: [{ id: 'P1', P1: { party_kind: 'NATURAL' } }] }), { code: 'bad_group' });
  t.throws(() => unfold(alert, null), StatementError);
  t.throws(() => unfold(alert, ['x']), { code: 'bad_body' });
});

t.test('unfold leaves what the kind does not know for the validator to refuse', async (t) => {
  const odd = { goods: ['G1', null], parties: 'none', unknown: [{ C1: {} }], route: [{ id: 'R1', surprise: 1 }] };
  t.same(unfold(alert, odd), odd);
  const hostile = unfold(alert, JSON.parse('{"__proto__":{"title":"x"},"goods":[{"id":"G1","__proto__":{"a":1}}]}'));
  t.equal(Object.getPrototypeOf(hostile), Object.prototype);
  t.ok(Object.hasOwn(hostile, '__proto__'));
  t.equal(hostile.title, undefined);
  t.ok(validateDisclosed(alert, claimsOf(sampleAlert()), hostile).length > 0);
});

for (const kind of kinds.values()) {
  t.test(`${kind.name}: unfold undoes fold`, async () => {
    const property = fc.property(bodies(kind), (body) => {
      assert.deepEqual(unfold(kind, fold({ object: layout(kind, { body, rel: [] }).body })), body);
    });
    fc.assert(property, { numRuns: 60 });
  });

  t.test(`${kind.name}: every leaf is in exactly one part, of its class`, async () => {
    const property = fc.property(bodies(kind), (body) => {
      const laid = layout(kind, { body, rel: [] });
      const found = laid.body.hidden.flatMap((m) => leaves(m.value, m.part.pointer, m.part));
      assert.deepEqual(found.map(({ leaf }) => leaf).sort(), leavesOf(body, '/body').sort());
      const pointers = laid.parts.map(({ pointer }) => pointer);
      assert.equal(new Set(pointers).size, pointers.length);
      const classes = new Map(walk(kind.body, body, '/body').map(({ pointer, node, value, beside }) => [pointer, { node, value, beside }]));
      for (const { leaf, part } of found) assert.equal(part.dataClass, expectedClass(classes, leaf), leaf);
    });
    fc.assert(property, { numRuns: 40 });
  });

  t.test(`${kind.name}: whatever is withheld, what is left is valid and has the same classes`, async () => {
    const sample = sampleOf(kind);
    const laid = layout(kind, sample);
    const mandatory = new Set(['/body/narrative_class']);
    const property = fc.property(fc.array(fc.boolean(), { minLength: laid.parts.length, maxLength: laid.parts.length }), (kept) => {
      const shown = new Set(laid.parts.filter(({ pointer }, i) => kept[i] || mandatory.has(pointer)).map(({ pointer }) => pointer));
      const body = unfold(
        kind,
        fold({ object: laid.body }, ({ pointer }) => shown.has(pointer)),
      );
      assert.deepEqual(validateDisclosed(kind, claimsOf(sample), body, []), []);
      const known = new Set(laid.parts.map(({ dataClass, pointer }) => `${pointer.replace(/\d+/g, '*')} ${dataClass}`));
      for (const { pointer, dataClass } of partsOf(kind, body)) assert.ok(known.has(`${pointer.replace(/\d+/g, '*')} ${dataClass}`));
    });
    fc.assert(property, { numRuns: 60 });
  });

  t.test(`${kind.name}: no input makes a validator throw or changes the input`, async () => {
    const hostile = fc.oneof(
      bodies(kind),
      fc.json().map((text) => JSON.parse(text) as JsonObject),
    );
    const property = fc.property(hostile, (body) => {
      const input = { ...sampleOf(kind), body };
      const before = JSON.stringify(input);
      validateFull(kind, input);
      validateDraft(kind, input);
      validateFull(kind, body);
      validateDisclosed(kind, claimsOf(input), body);
      assert.equal(JSON.stringify(input), before);
    });
    fc.assert(property, { numRuns: 60 });
  });
}

/** The class of the body member, or of the member of an element, that a leaf is part of: the rule nearest to the root that is not the list's. */
function expectedClass(visits: Map<string, { node: Annotated; value: Json; beside: Json }>, leaf: string): DataClass {
  const steps = leaf.split('/').slice(1);
  const member = visits.get(`/${steps.slice(0, 2).join('/')}`)!;
  const list = member.node['x-disclose'] === 'elements';
  const { node, value, beside } = list ? visits.get(`/${steps.slice(0, 4).join('/')}`)! : member;
  return classOf(node['x-class']!, beside, value);
}
