import { type Finding, kindOf, validateDraft } from '@entente/statement';
import fc from 'fast-check';
import t from 'tap';
import { partyKindOf } from '../src/draft/party-kind.js';
import { lineOf } from '../src/draft/text.js';
import {
  applyAmendment,
  cancelShipment,
  type DraftOutcome,
  draftAlert,
  readDeclaration,
  type Shipment,
  shipmentOf,
  standardRules,
} from '../src/index.js';
import { amendment, cancellation, exportMessage, goodsLine } from './messages.js';

const now = 1_772_439_000;
const alert = kindOf('alert', '1.0')!;
const shipmentFrom = (xml: string): Shipment => shipmentOf(readDeclaration(xml));
const outcomeOf = (shipment: Shipment): DraftOutcome => draftAlert(shipment, standardRules, { now, lang: 'en' });
const draftOf = (shipment: Shipment) => {
  const outcome = outcomeOf(shipment);
  if (outcome.draft === undefined) throw new Error(outcome.reason);
  return outcome.draft;
};
const rejected = (shipment: Shipment): Finding[] => validateDraft(alert, draftOf(shipment)).filter((finding) => finding.level === 'reject');

t.test('a licence makes a draft of what the declaration says', async (t) => {
  const draft = draftOf(shipmentFrom(exportMessage()));
  t.match(draft, {
    kind: 'alert',
    lang: 'en',
    body: {
      alert_kind: 'SHIPMENT',
      title: 'Export, NL to QM: licence document X002',
      narrative_class: 'N1',
      action_requested: [{ code: 'INFORM' }, { code: 'DOCUMENT_CHECK' }],
      goods: [
        {
          id: 'G1',
          hs_code: '681511',
          hs_edition: '2022',
          national_tariff_code: { scheme: 'TARIC', code: '6815110090' },
          quantity: '900',
          unit: 'KGM',
          value: '76500.00',
          currency: 'EUR',
          value_basis: 'INVOICE',
          packages: 18,
          package_type: 'RO',
          country_of_origin: 'NL',
        },
      ],
      parties: [
        {
          id: 'P1',
          party_kind: 'LEGAL',
          roles: ['DECLARANT', 'EXPORTER'],
          identifiers: [{ scheme: 'EORI', value: 'NL000000001' }],
          contacts: [{ type: 'PHONE' }],
        },
        { id: 'P2', party_kind: 'LEGAL', roles: ['CARRIER'] },
        { id: 'P3', party_kind: 'LEGAL', roles: ['CONSIGNEE'], addresses: [{ city: 'Port Merov', country: 'QM' }] },
        { id: 'P4', party_kind: 'NATURAL', roles: ['CONTACT_PERSON'], names: [{ value: 'Mr Tavi Orlo', script: 'Latn' }] },
      ],
      transport: [
        {
          id: 'T1',
          mode: '1',
          vessel: { name: 'DEMO HALCYON TERN', imo_number: '1234567', flag: 'QN' },
          container: { number: 'ZZZU1234564' },
          seal_numbers: ['SEAL-1'],
          bill_of_lading: 'DEMO26030177',
          declaration_mrn: '26NLTEST00000001A1',
        },
        { id: 'T2', container: { number: 'ZZZU2048179' } },
      ],
      route: [
        { id: 'R1', function: 'DISPATCH', country: 'NL', place_text: 'Quay 7', status: 'DECLARED' },
        { function: 'LOADING', locode: 'NLRTM', country: 'NL' },
        { function: 'TRANSIT', country: 'QP' },
        { function: 'DISCHARGE', country: 'QM', place_text: 'Port Merov Free Zone' },
        { function: 'DECLARED_DESTINATION', country: 'QM' },
      ],
      documents: [
        { id: 'D1', doc_type: 'EXPORT_DECLARATION', number: '26NLTEST00000001A1', authenticity: 'UNVERIFIED' },
        { doc_type: 'EXPORT_LICENCE', national_code: 'X002', number: 'NL-DEMO-0001' },
        { doc_type: 'BILL_OF_LADING', number: 'DEMO26030177' },
      ],
    },
  });
  const narrative = String(draft.body.narrative);
  t.match(
    narrative,
    /^FACT: export declaration of type EXA, from NL to QM, with 1 goods line\. FACT: line 1: "Carbon fibre tow, 12K", HS 681511/,
  );
  t.match(narrative, /document X002 \(Export authorisation for dual-use items\) is declared with status AE\./);
  t.notMatch(narrative, /Orlo|76500|NL-DEMO-0001/, 'neither person, nor price, nor licence number');
});

t.test('what only an officer can judge stays open and is named', async (t) => {
  const findings = validateDraft(alert, draftOf(shipmentFrom(exportMessage())));
  t.same(
    findings.filter((finding) => finding.level === 'reject'),
    [],
  );
  const open = findings.filter((finding) => finding.level === 'open').map((finding) => finding.pointer);
  for (const pointer of [
    '/legal_basis',
    '/handling',
    '/valid_until',
    '/body/suspicions',
    '/body/grading',
    '/body/offence_hypothesis',
    '/body/urgency',
  ]) {
    t.ok(
      open.some((found) => found.startsWith(pointer)),
      `${pointer} is open`,
    );
  }
});

t.test('goods of a list make a draft, in whatever direction; their list is dated', async (t) => {
  const chips = shipmentFrom(exportMessage(goodsLine(1, '', '85423190')));
  t.match(draftOf(chips).body.title, 'Export, NL to QM: HS 854231 on the Common High Priority List');
  t.match(draftOf(chips).body.narrative, /HS 854231 is on the Common High Priority List, edition 2024-02-23 \(Tier 1\)/);
  t.match(draftOf({ ...chips, direction: 'import' }).body.documents, [{ doc_type: 'IMPORT_DECLARATION' }]);
  t.match(draftOf({ ...chips, direction: 'transit' }).body, { title: /^Transit/, documents: [{ doc_type: 'BILL_OF_LADING' }] });
  t.match(draftAlert(chips, standardRules, { now: 1_600_000_000, lang: 'en' }), { draft: undefined }, 'before the list there was none');
  const ended = { ...standardRules, goodsLists: standardRules.goodsLists.map((list) => ({ ...list, valid_to: '2025-01-01' })) };
  t.match(draftAlert(chips, ended, { now, lang: 'en' }), { draft: undefined });
});

t.test('no draft without a ground, and none of a cancelled declaration', async (t) => {
  const innocent = shipmentFrom(exportMessage(goodsLine(1, '', '46021910')));
  t.same(outcomeOf(innocent), { draft: undefined, reason: 'no export-licence document and no goods of a control list' });
  const cancelled = cancelShipment(shipmentFrom(exportMessage()), readDeclaration(cancellation()));
  t.same(outcomeOf(cancelled), { draft: undefined, reason: 'the declaration was cancelled' });
});

t.test('a waiver and an amendment are said', async (t) => {
  const waived = shipmentFrom(exportMessage().replace('>AE<', '>XX<'));
  t.match(draftOf(waived).body.narrative, /is named with status XX, a waiver claim/);
  const after = applyAmendment(waived, readDeclaration(amendment([], '')));
  t.match(draftOf(after).body.narrative, /was amended after it was lodged \(1\)/);
});

t.test('the kind of a party is read from its name and number; in doubt it is unknown', async (t) => {
  const kinds: [string | undefined, string | undefined, string][] = [
    ['Kestrel Composites Demo BV', undefined, 'LEGAL'],
    ['Tanuki Electric Demo Co., Ltd.', undefined, 'LEGAL'],
    ['TANUKI ELECTRIC DEMO LTD', undefined, 'LEGAL'],
    ['Orchid Gate Logistics FZ Demo', undefined, 'LEGAL'],
    ['Mr Tavi Orlo', undefined, 'NATURAL'],
    ['Mr. Tavi Orlo', 'NL000000001', 'NATURAL'],
    ['MS TAVI ORLO', undefined, 'NATURAL'],
    ['TAVI SA', undefined, 'UNKNOWN'],
    ['Tavi Orlo', undefined, 'UNKNOWN'],
    ['Tavi Orlo', 'NL000000001', 'LEGAL'],
    [undefined, 'NL000000001', 'LEGAL'],
    [undefined, '12/345', 'UNKNOWN'],
    ['Dr', undefined, 'UNKNOWN'],
  ];
  for (const [name, number, kind] of kinds) t.equal(partyKindOf(name, number), kind, `${name} ${number}`);
});

t.test('a description that may name a person stays out of the narrative', async (t) => {
  const described = (text: string) => shipmentFrom(exportMessage(goodsLine(1).replace('Carbon fibre tow, 12K', text)));
  for (const text of ['For Mr Somebody', 'Sample of Orlo', '']) {
    t.match(draftOf(described(text)).body.narrative, /FACT: line 1: described in the goods line, HS 681511/, text);
  }
});

t.test('means of transport are coded where they fit and told where they do not', async (t) => {
  const by = (type: string, number: string, nationality = 'QN') => ({
    ...shipmentFrom(exportMessage()),
    border: { number, number_type: type, nationality, mode: '4' },
  });
  const transport = (shipment: Shipment) => (draftOf(shipment).body.transport as object[])[0];
  t.match(transport(by('11', 'DEMO PELIKAN 8')), { vessel: { name: 'DEMO PELIKAN 8', flag: 'QN' } });
  t.match(transport(by('30', 'ZZ-1')), { vehicle: { plate: 'ZZ-1', country: 'QN' } });
  t.match(transport(by('40', 'ZZ123')), { flight: { number: 'ZZ123' } });
  t.match(transport(by('41', 'ZZ-DEM')), { aircraft: { registration: 'ZZ-DEM' } });
  t.match(transport(by('81', 'DEMO BARGE')), { vessel: { name: 'DEMO BARGE' } });
  t.match(draftOf(by('40', 'not a flight')).body.narrative, /means of transport declared as not a flight \(identification type 40\)/);
  const { border, departure, containers, mrn, previous_documents, ...bare } = shipmentFrom(exportMessage());
  t.equal(draftOf({ ...bare, containers: [], previous_documents: [] }).body.transport, undefined);
  const papers = ['703', '714', '720', '730', 'N740', '741', '952', '999'].map((type) => ({ type, number: `no-${type}` }));
  const paper = draftOf({ ...bare, containers: [], previous_documents: [...papers, { type: '705' }] }).body;
  t.match((paper.transport as object[])[0], {
    mode: '0',
    house_air_waybill: 'no-703',
    bill_of_lading: 'no-714',
    bill_level: 'HOUSE',
    cim_number: 'no-720',
    cmr_number: 'no-730',
    air_waybill: 'no-741',
    tir_carnet: 'no-952',
  });
  t.same(
    [border?.mode, departure?.number, containers.length, mrn, previous_documents.length],
    ['1', 'ZZ-00-ZZ', 2, '26NLTEST00000001A1', 2],
  );
});

t.test('quantities, codes and countries that do not fit stay open or in words', async (t) => {
  const start = shipmentFrom(exportMessage());
  const line = start.goods[0]!;
  const goods = (change: object) => (draftOf({ ...start, goods: [{ ...line, ...change }] }).body.goods as Record<string, unknown>[])[0];
  t.match(goods({ tariff_quantity: { value: '18', unit: 'H87#G' } }), { quantity: '18', unit: 'H87' });
  t.match(goods({ tariff_quantity: { value: '18' }, net_mass_kg: '0' }), { quantity: '960', unit: 'KGM' });
  t.match(goods({ net_mass_kg: undefined, gross_mass_kg: undefined }), { quantity: undefined, unit: undefined });
  t.match(goods({ invoice_value: { amount: '1', currency: 'ZZZ' } }), { value: '76000', value_basis: 'STATISTICAL' });
  t.match(goods({ invoice_value: undefined, statistical_value: undefined }), { value: undefined });
  t.match(goods({ packages: [{ type: 'BX' }, { type: 'CT', count: '2' }] }), { packages: 2, package_type: undefined });
  const { hs_code, national_tariff_code, ...uncoded } = line;
  t.match(draftOf({ ...start, goods: [uncoded] }).body.goods, [{ hs_unknown: true }]);
  t.match(draftOf({ ...start, goods: [uncoded] }).body.narrative, /no commodity code declared/);
  t.match(draftOf({ ...start, goods: [{ ...line, net_mass_kg: undefined as unknown as string }] }).body.narrative, /gross mass 960 kg/);
  t.same([hs_code, national_tariff_code], ['681511', '6815110090']);
  const { export_country, destination_country, loading_location, ...placeless } = start;
  const far = draftOf({ ...placeless, destination_country: 'QQX', loading_location: { code: 'somewhere' } }).body;
  t.match(far.route, [
    { function: 'LOADING', place_text: 'somewhere' },
    {},
    {},
    {},
    { function: 'DECLARED_DESTINATION', place_text: 'QQX', country: undefined },
  ]);
  t.match(draftOf(placeless).body.title, /an undeclared country to an undeclared country/);
  t.same([export_country, destination_country, loading_location?.code], ['NL', 'QM', 'NLRTM']);
});

t.test('a declaration of any length gives a draft within the limits', async (t) => {
  const lines = Array.from({ length: 300 }, (_, index) => goodsLine(index + 1, index === 299 ? undefined : '', '46021910'));
  const long = shipmentFrom(exportMessage(lines.join('')));
  t.same(rejected(long), []);
  const body = draftOf(long).body;
  t.equal((body.goods as object[]).length, 200);
  t.match(body.goods, [{ line_no: 300 }], 'the licensed line comes first');
  t.match(body.narrative, /280 more goods lines are not described here\. FACT: 100 goods lines beyond those listed/);
  t.ok(String(body.narrative).length <= 4000 && String(body.title).length <= 120);
  t.equal(draftAlert(long, standardRules, { now, lang: 'nl' }).draft?.lang, 'en', 'a language without texts is served in English');
});

t.test('whatever texts a declaration holds, the draft has nothing that is refused', async () => {
  const origin = exportMessage();
  const texts = [...origin.matchAll(/>([^<>\n]+)</g)].map((match) => match.index + 1);
  const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('0', '00.10', 'ZZ', '\t', 'Mr X', '999999999'));
  const shipmentWith = (at: number, put: string) => {
    const end = origin.indexOf('<', at);
    return shipmentFrom(origin.slice(0, at) + put.replace(/[<&>]/g, ' ') + origin.slice(end));
  };
  fc.assert(
    fc.property(fc.constantFrom(...texts), value, (at, put) => {
      let shipment: Shipment;
      try {
        shipment = shipmentWith(at, put);
      } catch {
        return true;
      }
      const outcome = outcomeOf(shipment);
      return outcome.draft === undefined || rejected(shipment).length === 0;
    }),
    { numRuns: 1000, seed: 20260302 },
  );
});

t.test('text is cut without halving a character', async (t) => {
  t.equal(lineOf('a\u0000b\n', 10), 'a b');
  t.equal(lineOf(' ', 10), undefined);
  t.equal(lineOf(`ab${'\u{1F600}'}cd`, 4), 'ab…');
});
