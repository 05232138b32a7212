import t from 'tap';
import {
  checkAddressees,
  checkAuthor,
  checkCircularReporting,
  checkDestinationsKept,
  type Finding,
  type JsonObject,
  kinds,
  maximumDays,
  type StatementInput,
  validateDisclosed,
  validateDraft,
  validateFull,
} from '../src/index.js';
import { alert, alertWith, claimsOf, justified, person, sampleAlert, sampleSighting, sighting } from './samples.js';

const short = (findings: Finding[]) => findings.map(({ id, level, pointer }) => `${id} ${level} ${pointer}`).sort();
const judged = (input: unknown) => short(validateFull(alert, input));

t.test('the samples and the published examples are good', async (t) => {
  t.same(validateFull(alert, sampleAlert()), []);
  t.same(validateFull(sighting, sampleSighting()), []);
  for (const kind of kinds.values()) t.same(validateFull(kind, kind.example), []);
});

t.test('V01 addressees: somebody, known, once, not oneself', async (t) => {
  const known = new Set(['https://de-lic.example', 'https://qm-cus.example']);
  const check = (to: string[]) => short(checkAddressees(to, 'https://nl-cus.example', (node) => known.has(node)));
  t.same(check([...known]), []);
  t.same(check([]), ['V01 reject /addressees']);
  t.same(check(['https://nl-cus.example']), ['V01 reject /addressees/0']);
  t.same(check(['https://de-lic.example', 'https://de-lic.example']), ['V01 reject /addressees/1']);
  t.same(check(['https://gone.example', 'https://de-lic.example']), ['V01 reject /addressees/0']);
});

t.test('V02 the author does not release', async (t) => {
  t.same(checkAuthor('u-41', 'u-07'), []);
  for (const [author, releaser] of [
    ['u-41', 'u-41'],
    ['', 'u-07'],
    ['u-41', ''],
  ] as const) {
    t.same(short(checkAuthor(author, releaser)), ['V02 reject /releaser']);
  }
});

t.test('V03 the legal basis covers purposes and coercive actions', async (t) => {
  const { handling, legal_basis } = sampleAlert();
  const basis = (instrument: string, purpose = 'CUSTOMS_CONTROL') => ({ instrument, purpose, jurisdiction: 'NL' });
  const asking = (code: string, instrument: string) =>
    judged(
      alertWith(
        { action_requested: [{ code }] },
        { handling: { ...handling, purposes: ['CUSTOMS_CONTROL'] }, legal_basis: [basis(instrument)] },
      ),
    );
  t.same(judged(alertWith({}, { legal_basis: legal_basis.slice(0, 1) })), ['V03 reject /legal_basis']);
  t.same(asking('DETAIN', 'EU-2021-821'), []);
  t.same(asking('DETAIN', 'NAT-NL'), []);
  t.same(asking('DETAIN', 'WCO-NAIROBI-I'), ['V03 reject /legal_basis']);
  t.same(asking('PHYSICAL_INSPECTION', 'WCO-JOHANNESBURG'), ['V03 reject /legal_basis']);
  t.same(asking('IMPOUND_VESSEL', 'EU-2021-821'), ['V03 reject /legal_basis'], 'only the Security Council or national law');
  t.same(asking('IMPOUND_VESSEL', 'UNSCR-2397'), []);
  t.same(asking('DISCREET_CHECK', 'WCO-NAIROBI-I'), ['V03 reject /legal_basis'], 'covert counts as coercive');
  t.same(asking('INFORM', 'WCO-JOHANNESBURG'), []);
});

t.test('V05 personal data need threshold, review, category', async (t) => {
  const { parties } = sampleAlert().body as { parties: JsonObject[] };
  t.same(judged(alertWith({ parties: [...parties, person()], ...justified })), []);
  t.same(judged(alertWith({ parties: [...parties, person()], review_by: undefined })), [
    'V05 reject /body/entry_threshold_statement',
    'V05 reject /body/review_by',
  ]);
  const { subject_category, ...uncategorised } = person();
  t.ok(subject_category);
  t.same(judged(alertWith({ parties: [uncategorised], ...justified })), ['V05 reject /body/parties/0/subject_category']);
  t.same(judged(alertWith({ narrative_class: 'P1', review_by: undefined })), [
    'V05 reject /body/entry_threshold_statement',
    'V05 reject /body/review_by',
  ]);
  const [correction, question] = ['correction', 'consent_request'].map((name) => structuredClone(kinds.get(name)!.example));
  (correction!.body.changes as JsonObject[])[0]!.data_class = 'P1';
  question!.body.subject = 'Ilse Demopoulos';
  for (const input of [correction!, question!]) t.same(validateFull(kinds.get(input.kind)!, input), [], `${input.kind} enters nobody`);
});

t.test('V06 special categories are not accepted', async (t) => {
  t.same(judged(alertWith({ narrative_class: 'P2' })), ['V06 reject /body/narrative']);
  const attachment = { id: 'A1', sha256: 'A'.repeat(43), media_type: 'image/jpeg', bytes: 10, title: 'Photograph', data_class: 'P2' };
  t.same(judged(alertWith({ attachments: [attachment, { ...attachment, id: 'A2', data_class: 'N1', title: 'Scan' }] })), [
    'V06 reject /body/attachments/0',
  ]);
});

t.test('V07 patterns name nobody', async (t) => {
  const named = { parties: [person()], ...justified };
  for (const kind of ['MODUS_OPERANDI', 'ROUTE', 'GOODS']) {
    t.same(judged(alertWith({ alert_kind: kind, parties: undefined })), []);
    t.same(judged(alertWith({ alert_kind: kind, ...named })), ['V07 reject /body/parties/0']);
  }
  t.same(judged(alertWith({ alert_kind: 'PARTY', ...named })), []);
});

t.test('V08 validity ends in time', async (t) => {
  const from = '2026-03-02T09:05:00Z';
  t.same(judged(alertWith({}, { valid_from: from, valid_until: from })), ['V08 reject /valid_until']);
  t.same(judged(alertWith({}, { valid_from: from, valid_until: '2026-04-01T09:05:01Z' })), ['V08 reject /valid_until']);
  t.same(judged(alertWith({ alert_kind: 'PARTY' }, { valid_from: from, valid_until: '2026-04-01T09:05:01Z' })), []);
  t.equal(maximumDays(alert, { alert_kind: 'VESSEL' }), 184);
  t.equal(maximumDays(alert, {}), 731, 'the longest of all where the kind of alert was withheld');
  t.equal(maximumDays(sighting, {}), 366);
});

t.test('V09 grading is there, in its scheme, and not circular', async (t) => {
  const graded = (grading: JsonObject) => judged(alertWith({ grading }));
  t.same(judged(alertWith({ grading: undefined })), ['schema reject /body/grading']);
  t.same(graded({ scheme: 'EUROPOL_4X4', source: 'X', information: '4' }), []);
  t.same(graded({ scheme: 'ADMIRALTY', source: 'X', information: '2' }), ['V09 reject /body/grading/source']);
  t.same(graded({ scheme: 'EUROPOL_4X4', source: 'A', information: '6' }), ['V09 reject /body/grading/information']);
  const confirmed = { scheme: 'ADMIRALTY', source: 'A', information: '1' };
  t.same(graded(confirmed), ['V09 reject /body/grading/independent_sources']);
  t.same(graded({ ...confirmed, independent_sources: 2 }), []);

  const rel = [
    { type: 'same_case', of: 'A'.repeat(43) },
    { type: 'derives_from', of: 'B'.repeat(43) },
  ];
  const originators = new Map([['B'.repeat(43), 'https://de-lic.example']]);
  const circular = (grading: JsonObject | undefined, to: string) =>
    short(checkCircularReporting(alertWith({ grading }, { rel }), [to], (of) => originators.get(of)));
  t.same(circular({ ...confirmed, independent_sources: 2 }, 'https://de-lic.example'), ['V09 reject /rel/1']);
  t.same(circular({ ...confirmed, independent_sources: 2 }, 'https://qm-cus.example'), []);
  t.same(circular({ scheme: 'ADMIRALTY', source: 'A', information: '2' }, 'https://de-lic.example'), []);
  t.same(circular(undefined, 'https://de-lic.example'), []);
});

t.test('V11 a failing check digit warns and never blocks', async (t) => {
  const transport = [{ id: 'T1', mode: '1', vessel: { imo_number: '1234568' }, container: { number: 'illegible 12?' } }];
  t.same(judged(alertWith({ transport })), ['V11 warn /body/transport/0/container/number', 'V11 warn /body/transport/0/vessel/imo_number']);
});

t.test('V12 tariff code, control entry and CAS number fit', async (t) => {
  const goods = (more: JsonObject) => {
    const [line] = sampleAlert().body.goods as JsonObject[];
    return judged(alertWith({ goods: [{ ...line, ...more }] }));
  };
  const entry = (list_id: string, entry: string) => [{ list_id, edition: '2025', entry, status: 'SUSPECTED' }];
  for (const hs of ['770000', '980000', '000000']) t.ok(goods({ hs_code: hs }).includes('V12 warn /body/goods/0/hs_code'), hs);
  t.same(goods({ national_tariff_code: { scheme: 'TARIC', code: '6815110000' } }), []);
  t.same(goods({ national_tariff_code: { scheme: 'TARIC', code: '6815120000' } }), ['V12 warn /body/goods/0/national_tariff_code']);
  t.same(goods({ hs_code: '290000', control_entries: entry('EU-ANNEX-I', '1C350.13') }), ['V12 warn /body/goods/0/cas_number']);
  t.same(goods({ hs_code: '290000', cas_number: '111-48-8', control_entries: entry('EU-ANNEX-I', '1C350.13') }), []);
  t.same(goods({ control_entries: entry('CWC-S2', '2.B.13') }), ['V12 warn /body/goods/0/cas_number']);
  t.same(goods({ hs_code: '850440' }), ['V12 warn /body/goods/0/hs_code'], 'carbon fibre entry on a converter');
  t.same(goods({ hs_code: '850440', control_entries: entry('US-USML', 'XI') }), []);
  const { hs_code, hs_edition, control_entries, ...bare } = (sampleAlert().body.goods as JsonObject[])[0]!;
  t.ok(hs_code && hs_edition && control_entries);
  t.same(judged(alertWith({ goods: [{ ...bare, hs_unknown: true }] })), []);
  t.same(judged(alertWith({ goods: [{ ...bare, hs_unknown: false }] })), [
    'schema reject /body/goods/0/hs_code',
    'schema reject /body/goods/0/hs_edition',
  ]);
});

t.test('V14 unit and currency are known, places lie in their country', async (t) => {
  const [line] = sampleAlert().body.goods as JsonObject[];
  t.same(judged(alertWith({ goods: [{ ...line, unit: 'ZZZ', currency: 'ABC' }] })), [
    'V14 reject /body/goods/0/currency',
    'V14 reject /body/goods/0/unit',
  ]);
  const route = [{ id: 'R1', seq: 1, function: 'LOADING', locode: 'NLRTM', country: 'BE', status: 'OBSERVED' }];
  t.same(judged(alertWith({ route })), ['V14 warn /body/route/0/locode']);
  t.same(
    judged(alertWith({ route: [{ ...route[0], country: 'QQ' }] })),
    ['V14 warn /body/route/0/locode'],
    'user-assigned countries are codes',
  );
  t.same(judged(alertWith({ route: [{ ...route[0], country: 'QA1' }] })), ['schema reject /body/route/0/country']);
});

t.test('V15 persons in fields that go out as non-nominal', async (t) => {
  for (const title of ['Order by Mr. Jansen', 'Ask frau Muster', 'Write to a.b@demo.example', 'Seen with ilse demopoulos']) {
    const input = alertWith({ title, parties: [person()], ...justified });
    t.same(judged(input), ['V15 warn /body/title'], title);
  }
  t.same(judged(alertWith({ title: 'Drums for Drammen, order mr 12', parties: undefined })), []);
  t.same(judged(alertWith({ narrative: 'Herr Muster asked.', narrative_class: 'P1', ...justified })), [], 'the prose is not N0');
  const [line] = sampleAlert().body.goods as JsonObject[];
  t.same(judged(alertWith({ goods: [{ ...line, description: 'For Dr Muster', stated_end_use: 'Dr Muster, laboratory' }] })), [
    'V15 warn /body/goods/0/description',
  ]);
});

t.test('V16 do not act means ask first', async (t) => {
  const action_requested = [{ code: 'DO_NOT_ACT' }];
  t.same(judged(alertWith({ action_requested, contact_before_action: false })), ['V16 reject /body/contact_before_action']);
  t.same(judged(alertWith({ action_requested, contact_before_action: true })), []);
  t.same(judged(alertWith({ action_requested: [{ code: 'INFORM' }], contact_before_action: false })), []);
});

t.test('OC-06 what came from outside the federation names the consent from outside', async (t) => {
  const handling = { ...sampleAlert().handling, external_originator: true };
  t.same(judged(alertWith({}, { handling })), ['OC-06 reject /body/external_consent']);
  t.same(judged(alertWith({ external_consent: 'Letter of 3 March 2031' }, { handling })), []);
  t.same(judged(alertWith({}, { handling: { ...handling, external_originator: false } })), []);
});

t.test('V17 declared and suspected destination stay apart', async (t) => {
  const point = { id: 'R1', seq: 1, function: 'SUSPECTED_DESTINATION', country: 'QT', status: 'SUSPECTED' };
  t.same(judged(alertWith({ route: [point] })), []);
  t.same(judged(alertWith({ route: [{ ...point, status: 'DECLARED' }] })), ['V17 reject /body/route/0/status']);
  const declared = { id: 'R1', seq: 1, function: 'DECLARED_DESTINATION', country: 'QM', status: 'DECLARED' };
  t.same(checkDestinationsKept({ route: [declared] }, { route: [declared, { ...point, id: 'R2' }] }), []);
  t.same(short(checkDestinationsKept({ route: [declared] }, { route: [{ ...declared, country: 'QT' }] })), ['V17 reject /body/route']);
  t.same(short(checkDestinationsKept({ route: [declared] }, {})), ['V17 reject /body/route']);
});

t.test('ids are unique and references find them', async (t) => {
  const body = sampleAlert().body as { parties: JsonObject[] };
  const [first, second] = body.parties;
  t.same(judged(alertWith({ parties: [first, { ...second, id: 'P1' }] })), ['refs reject /body/parties/1/id']);
  t.same(judged(alertWith({ parties: [first, { ...second, ownership: [{ owner_party_id: 'P1' }] }] })), []);
  t.same(judged(alertWith({ parties: [{ ...first, ownership: [{ owner_party_id: 'P7' }] }] })), [
    'refs reject /body/parties/0/ownership/0/owner_party_id',
  ]);
});

t.test('bad input is refused with its place, and changes nothing', async (t) => {
  const cases: [unknown, string][] = [
    [null, 'schema reject '],
    ['alert', 'schema reject '],
    [[], 'schema reject '],
    [alertWith({}, { kind: 'sighting' }), 'schema reject /kind'],
    [alertWith({}, { exercise: 'true' as never }), 'schema reject /exercise'],
    [alertWith({}, { valid_until: '2026-04-01T09:05:00+02:00' }), 'schema reject /valid_until'],
    [alertWith({}, { valid_until: '2026-02-30T09:05:00Z' }), 'schema reject /valid_until'],
    [alertWith({}, { rel: [{ type: 'RECALLS', of: 'A'.repeat(43) }] }), 'schema reject /rel/0/type'],
    [alertWith({}, { rel: [{ type: 'same_case', of: 'A' }] }), 'schema reject /rel/0/of'],
    [alertWith({ title: 'x'.repeat(121) }), 'schema reject /body/title'],
    [alertWith({ title: 'two\nlines' }), 'schema reject /body/title'],
    [alertWith({ narrative: 'bell \u0007' }), 'schema reject /body/narrative'],
    [alertWith({ suspicions: [] }), 'schema reject /body/suspicions'],
    [alertWith({ suspicions: [{ code: 'DO01', weight: 4 }] }), 'schema reject /body/suspicions/0/weight'],
    [alertWith({ suspicions: [{ code: 'DO99', weight: 1 }] }), 'schema reject /body/suspicions/0/code'],
    [alertWith({ unknown: 1 }), 'schema reject /body/unknown'],
    [alertWith({ 'a/b~c': 1 }), 'schema reject /body/a~1b~0c'],
    [alertWith({ constructor: 1 }), 'schema reject /body/constructor'],
    [JSON.parse(JSON.stringify(sampleAlert()).replace('"grading"', '"__proto__":{},"grading"')), 'schema reject /body/__proto__'],
    [alertWith({ narrative_class: undefined }), 'schema reject /body/narrative_class'],
    [alertWith({ goods: [] }), 'schema reject /body/goods'],
    [alertWith({ goods: 'none' }), 'schema reject /body/goods'],
    [alertWith({ action_requested: [{ code: 'INFORM', by: 'qm-cus' }] }), 'schema reject /body/action_requested/0/by'],
  ];
  for (const [input, expected] of cases) {
    const before = JSON.stringify(input);
    t.ok(judged(input).includes(expected), `${expected} in ${judged(input)}`);
    t.equal(JSON.stringify(input), before);
  }
  const [line] = sampleAlert().body.goods as JsonObject[];
  for (const quantity of ['0', '0.0', '01', '1e3', '-1', '1.', '.5', ' 1']) {
    t.same(judged(alertWith({ goods: [{ ...line, quantity }] })), ['schema reject /body/goods/0/quantity'], quantity);
  }
  t.same(judged(alertWith({ goods: [{ ...line, quantity: 900 }] })), ['schema reject /body/goods/0/quantity'], 'no coercion');
  const alone = sampleSighting();
  t.same(short(validateFull(sighting, { ...alone, rel: [] })), ['schema reject /rel'], 'a sighting replies to something');
  t.same(short(validateFull(sighting, { ...alone, rel: [{ type: 'same_case', of: 'A'.repeat(43) }] })), ['schema reject /rel']);
});

t.test('a draft names what an officer must still decide', async (t) => {
  const { suspicions, grading, offence_hypothesis, ...body } = sampleAlert().body;
  t.ok(suspicions && grading && offence_hypothesis);
  const { legal_basis, ...rest } = sampleAlert();
  t.ok(legal_basis);
  t.same(short(validateDraft(alert, { ...rest, body })), [
    'schema open /body/grading',
    'schema open /body/offence_hypothesis',
    'schema open /body/suspicions',
    'schema open /legal_basis',
  ]);
  t.same(short(validateDraft(alert, { ...rest, legal_basis: [], body: { ...body, suspicions: [] } })), [
    'schema open /body/grading',
    'schema open /body/offence_hypothesis',
    'schema open /body/suspicions',
    'schema open /legal_basis',
  ]);
  const empty = validateDraft(alert, {});
  t.ok(empty.every((f) => f.level === 'open'));
  for (const pointer of ['/handling/tlp', '/handling/purposes', '/legal_basis', '/body/title', '/body/grading', '/valid_until']) {
    t.ok(
      empty.some((f) => f.pointer === pointer),
      pointer,
    );
  }
  t.same(empty.find((f) => f.pointer === '/body/grading')?.message, 'Grading: is missing');
  t.same(
    short(validateDraft(alert, { ...rest, legal_basis: [], body: { ...body, title: 'x\ny' } })).filter((f) => f.includes('reject')),
    ['schema reject /body/title'],
  );
  t.same(short(validateDraft(alert, null)), ['schema reject ']);
  t.same(short(validateDraft(alert, alertWith({ parties: [person()] }))), ['V05 open /body/entry_threshold_statement']);
  t.same(validateDraft(alert, sampleAlert()), []);
});

t.test('what a partner disclosed is judged without what he withheld', async (t) => {
  const sample = sampleAlert();
  const judge = (body: JsonObject, claims: object = {}, rel = sample.rel) =>
    short(validateDisclosed(alert, { ...claimsOf(sample), ...claims } as never, body, rel));
  t.same(judge({}), []);
  t.same(judge(sample.body), []);
  t.same(judge({ narrative: 'FACT.', goods: [], parties: [] }), []);
  const [line] = sample.body.goods as JsonObject[];
  t.same(judge({ goods: [{ ...line, value: '1.00' }] }), []);
  t.same(judge({ goods: [{ id: 'G1' }] }).length, 1, 'what is of the class of the element itself cannot be withheld');
  t.same(judge({ goods: [{ ...line, surprise: 1 }] }), ['schema reject /body/goods/0/surprise']);
  t.same(judge({ unknown: 1 }), ['schema reject /body/unknown']);
  t.same(judge(JSON.parse('{"__proto__":1}')), ['schema reject /body/__proto__']);
  t.same(judge({ suspicions: [] }), ['schema reject /body/suspicions'], 'a member is disclosed whole');
  t.same(judge({ action_requested: [{ code: 'DO_NOT_ACT' }] }), []);
  t.same(judge({ action_requested: [{ code: 'DO_NOT_ACT' }], contact_before_action: false }), ['V16 reject /body/contact_before_action']);
  t.same(judge({ narrative: 'x', narrative_class: 'P2' }), ['V06 reject /body/narrative']);
  t.same(judge({}, { kind: 'sighting' }), ['schema reject /kind']);
  t.same(judge({}, { exp: 1 }), ['schema reject /exp']);
  t.same(judge({}, { valid_until: 1 }), ['V08 reject /valid_until']);
  t.same(judge({}, { legal_basis: sample.legal_basis.slice(0, 1) }), ['V03 reject /legal_basis']);
  t.same(judge({}, { handling: { ...sample.handling, note: 'x' } }), ['schema reject /handling/note'], 'no free text among open claims');
  t.same(judge({}, {}, [{ type: 'praises', of: 'A'.repeat(43) }]), ['schema reject /rel/0/type']);
  t.same(judge(null as never), ['schema reject /body']);
  const twice = [line, line] as JsonObject[];
  t.same(judge({ goods: twice }), ['refs reject /body/goods/1/id']);
  t.same(validateDisclosed(sighting, claimsOf(sampleSighting()), sampleSighting().body), [], 'relations are disclosed apart');
});

t.test('no other kind speaks for a recall or a correction, and each is about one statement', async (t) => {
  const of = (type: string, n = 1) => ({ type, of: String(n).padStart(43, 'A') });
  const withRel = (name: string, rel: unknown[]) => short(validateFull(kinds.get(name)!, { ...kinds.get(name)!.example, rel }));
  t.same(withRel('alert', [of('supersedes')]), []);
  t.same(withRel('alert', [of('recalls')]), ['rel reject /rel/0']);
  t.same(withRel('recall', [of('recalls'), of('corrects')]), ['rel reject /rel/1']);
  t.ok(withRel('recall', []).length > 0);
  t.ok(withRel('recall', [of('recalls'), of('recalls', 2)]).length > 0);
  t.ok(withRel('correction', [of('recalls')]).length > 0);
  const compliance = kinds.get('compliance')!;
  const { kept_until: _, ...body } = compliance.example.body;
  t.ok(validateFull(compliance, { ...compliance.example, body }).length > 0, 'an exception says until when');
});

t.test('an input of the right kind is told apart from one for another', async (t) => {
  const input: StatementInput = sampleSighting();
  t.ok(judged(input).includes('schema reject /kind'));
});
