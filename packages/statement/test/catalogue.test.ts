import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import t from 'tap';
import {
  codeList,
  codeLists,
  codeOf,
  codesOf,
  coerciveActions,
  dataClasses,
  fields,
  hasText,
  isCode,
  jsonSchema,
  kindOf,
  kinds,
  labelOf,
  maySend,
  normaliseTerm,
  rankOf,
  searchFieldNames,
  searchTerms,
  strictest,
  text,
} from '../src/index.js';
import { itemsOf, membersOf } from '../src/schema/annotate.js';
import type { Annotated } from '../src/schema/members.js';
import { alert, person, sampleAlert, sampleOf, sampleSighting, sighting } from './samples.js';

t.test('the registry', async (t) => {
  t.same([...kinds.keys()], ['alert', 'sighting', 'recall', 'correction', 'compliance', 'consent_request', 'consent']);
  t.equal(kindOf('alert', '1.0'), alert);
  for (const [name, ver] of [
    ['alert', '2.0'],
    ['ALERT', '1.0'],
    ['__proto__', '1.0'],
  ] as const)
    t.equal(kindOf(name, ver), undefined);
  t.ok(maySend(alert, 'CUS'));
  t.notOk(maySend(alert, 'AUD'));
  for (const kind of kinds.values()) {
    for (const sender of kind.senders) t.ok(isCode('agency-type', sender), sender);
    for (const states of Object.values(kind.states)) {
      for (const next of Object.values(states).flat()) t.ok(Object.hasOwn(states, next), next);
    }
  }
});

t.test('every field has class, label and limits, and every list is known', async (t) => {
  for (const kind of kinds.values()) {
    const all = fields(kind);
    t.ok(all.length > 30);
    for (const field of all) {
      t.ok(hasText(field.label), field.label);
      t.ok(field.classes.length > 0 && field.classes.every((c) => dataClasses.includes(c)), field.pointer);
      if (field.list) t.ok(codeLists.has(field.list), field.list);
    }
    t.match(
      all.find((f) => f.pointer === '/handling/tlp'),
      { open: true, list: 'tlp', classes: ['N0'] },
    );
    t.ok(
      all.filter((f) => f.open).every((f) => !f.freeText),
      'no free text among the open claims',
    );
    if (!all.some((f) => f.pointer === '/body/goods')) continue;
    const value = all.find((f) => f.pointer === '/body/goods/*/value');
    t.match(value, { classRule: 'C1', label: 'field.body.goods.value', type: 'string', required: false, open: false, freeText: false });
    const names = all.find((f) => f.pointer === '/body/parties/*/names/*/value');
    t.match(names, { classes: ['N1', 'P1'], freeText: true, required: true });
    t.match(
      all.find((f) => f.pointer === '/body/parties/*/roles'),
      { type: 'array', list: 'party-role' },
    );
  }
});

t.test('no string or list without a limit, no open object, no undisclosed search field', async (t) => {
  const visit = (node: Annotated, at: string): void => {
    const { type, maxLength, maxItems, additionalProperties } = node as Record<string, unknown>;
    if (type === 'string' && !('const' in node)) t.ok(Number(maxLength) <= 4000, at);
    if (type === 'array') t.ok(Number(maxItems) <= 200, at);
    if (type === 'object') t.equal(additionalProperties, false, at);
    const search = node['x-search'];
    if (typeof search === 'string') t.ok(searchFieldNames.includes(search), search);
    const items = itemsOf(node);
    if (items) visit(items, `${at}/*`);
    for (const [name, member] of Object.entries(membersOf(node))) visit(member, `${at}/${name}`);
  };
  for (const kind of kinds.values()) visit(kind.body, kind.name);
});

t.test('inside a member every field has the class of the member', async (t) => {
  const same = (node: Annotated, rule: unknown, at: string): void => {
    t.same(node['x-class'], rule, at);
    const items = itemsOf(node);
    if (items) same(items, rule, at);
    for (const [name, member] of Object.entries(membersOf(node))) same(member, rule, `${at}/${name}`);
  };
  for (const kind of kinds.values()) {
    for (const [name, member] of Object.entries(membersOf(kind.body))) {
      const elements = member['x-disclose'] ? itemsOf(member) : undefined;
      const units = elements ? Object.entries(membersOf(elements)) : [[name, member] as const];
      for (const [inner, unit] of units) same(unit, unit['x-class'], `${name}/${inner}`);
    }
  }
});

t.test('code lists', async (t) => {
  for (const [id, list] of codeLists) {
    t.equal(list.id, id);
    t.ok(list.title && list.source && list.edition && /^\d{4}-\d{2}-\d{2}$/.test(list.valid_from), id);
    t.equal(new Set(list.codes.map((c) => c.code)).size, list.codes.length, `${id}: each code once`);
    for (const code of list.codes) t.ok(code.label.en, code.code);
  }
  t.equal(codeList('refusal').codes.length, 25);
  t.equal(codeList('red-flag').codes.filter((c) => c.set === 'core').length, 25);
  t.equal(codeList('red-flag').codes.length, 32);
  t.equal(codeList('chpl').codes.length, 50);
  t.equal(codeList('country').codes.filter((c) => !c.user_assigned).length, 249);
  t.same(
    codeList('tlp').codes.map((c) => c.code),
    ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'],
  );
  t.ok(rankOf('tlp', 'RED') > rankOf('tlp', 'AMBER'));
  t.equal(rankOf('tlp', 'WHITE'), -1);
  t.throws(() => codeList('nope'), { code: 'unknown_list' });
  t.equal(codeOf('currency', 'JPY')?.minor_units, 0);
  t.ok(isCode('legal-instrument', 'NAT-QM'));
  for (const wrong of ['NAT-QQQ', 'NAT-', 'NAT-ZY', 'CMAA-NL-DE', 'MOU-X', '']) t.notOk(isCode('legal-instrument', wrong), wrong);
  t.ok(isCode('package-type', 'ZZ'), 'a list of the common codes only');
  t.ok(codesOf('control-list').includes('NAT-DE'));
  t.equal(labelOf('action', 'SEIZE'), 'Seize under national law');
  t.equal(labelOf('legal-instrument', 'NAT-NL'), 'National law');
  t.equal(labelOf('action', 'NOPE'), 'NOPE');
  t.same(
    codeList('data-class').codes.map((c) => c.code),
    dataClasses,
  );
  t.ok(coerciveActions.has('DETAIN') && coerciveActions.has('CONTROLLED_DELIVERY') && !coerciveActions.has('INFORM'));
  for (const action of codeList('action').codes) t.equal(Array.isArray(action.grounds), coerciveActions.has(action.code), action.code);
  for (const { code, retention_class } of codeList('alert-kind').codes) t.ok(isCode('retention-class', String(retention_class)), code);
});

t.test('texts', async (t) => {
  t.equal(text('finding.V08.maximum', { days: 30 }), 'the validity may last 30 days at most');
  t.equal(text('finding.V08.maximum'), 'the validity may last {days} days at most', 'a hole stays visible');
  t.throws(() => text('nope'), { code: 'unknown_text' });
  t.notOk(hasText('constructor'));
});

t.test('classes are ordered', async (t) => {
  t.equal(strictest(['N1', 'P1', 'C1']), 'P1');
  t.equal(strictest([]), undefined);
});

t.test('the published JSON Schema stands alone and says the same', async (t) => {
  for (const kind of kinds.values()) {
    const schema = jsonSchema(kind);
    t.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema)));
    for (const example of schema.examples as unknown[]) t.ok(validate(example), JSON.stringify(validate.errors));
    const sample = sampleOf(kind);
    t.ok(validate(sample), JSON.stringify(validate.errors));
    t.notOk(validate({ ...sample, handling: { ...sample.handling, tlp: 'WHITE' } }));
    t.notOk(validate({ ...sample, surprise: 1 }));
    t.notOk(validate({ ...sample, legal_basis: [] }));
  }
});

t.test('search terms', async (t) => {
  const terms = searchTerms(alert, {
    ...sampleAlert().body,
    parties: [person({ contacts: [{ type: 'PHONE', value: '+31 20 555-0100' }] })],
  });
  const has = (field: string, value: string) =>
    t.ok(
      terms.some((term) => term.field === field && term.value === value),
      `${field} ${value}`,
    );
  has('container', 'zzzu1234564');
  has('imo', '1234567');
  has('hs', '681511');
  has('hs', '6815');
  has('control_entry', '1C210');
  has('control_entry', '1C210.A');
  has('name', 'demopoulos');
  has('word', 'carbon');
  has('locode', 'NLRTM');
  has('country', 'QM');
  has('red_flag', 'DO01');
  has('phone', '31205550100');
  t.equal(new Set(terms.map((term) => `${term.field} ${term.value}`)).size, terms.length, 'each once');
  t.same(normaliseTerm('container', ' zzzu 123456-4 '), ['zzzu1234564']);
  t.same(normaliseTerm('name', 'ABC Trading'), ['abc', 'trading']);
  t.same(normaliseTerm('name', 'Ünal'), normaliseTerm('name', 'U\u0308nal'), 'composed and decomposed are found alike');
  t.same(normaliseTerm('name', '丹東 貿易'), ['丹東', '貿易']);
  t.same(normaliseTerm('email', ' A.B@Demo.example'), ['a.b@demo.example']);
  t.same(normaliseTerm('day', '2026-03-02T09:05:00Z'), ['2026-03-02']);
  t.same(normaliseTerm('imo', '---'), []);
  for (const unknown of ['nope', 'constructor', '__proto__']) t.same(normaliseTerm(unknown, 'x'), []);
  const schemes = codeList('identifier-scheme').codes.concat(codeList('new-identifier').codes, codeList('contact-type').codes);
  for (const { code, search } of schemes) t.ok(searchFieldNames.includes(String(search)), code);
  t.ok(searchTerms(sighting, sampleSighting().body).some(({ field, value }) => field === 'container' && value === 'zzzu2048179'));
});
