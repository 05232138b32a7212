import fc from 'fast-check';
import t from 'tap';
import { decodeXml, InteropError, readDeclaration } from '../src/index.js';
import { limits } from '../src/wco/xml.js';
import { amendment, cancellation, exportHead, exportMessage, exportShipment, goodsLine, message } from './messages.js';

t.test('a declaration is read with everything that it says', async (t) => {
  const read = readDeclaration(exportMessage());
  t.match(read, {
    function: 'new',
    direction: 'export',
    country: 'NL',
    type: 'EXA',
    mrn: '26NLTEST00000001A1',
    lrn: 'KC-1',
    ids: ['UCR-1', '6NL000000001-KC1'],
    issued: '2026-03-02T08:10:00Z',
  });
  const { consignment } = read;
  t.match(consignment.goods, [
    {
      line_no: 1,
      description: 'Carbon fibre tow, 12K',
      hs_code: '681511',
      national_tariff_code: '6815110090',
      national_tariff_scheme: 'TARIC',
      net_mass_kg: '0900',
      gross_mass_kg: '960',
      statistical_value: { amount: '76000', currency: 'EUR' },
      invoice_value: { amount: '76500.00', currency: 'EUR' },
      packages: [{ sequence: 1, count: '18', type: 'RO', marks: 'KC' }],
      origins: [{ country: 'NL', type: '1' }],
      procedures: [{ current: '10', previous: '00' }],
      documents: [
        {
          code: 'X002',
          number: 'NL-DEMO-0001',
          name: 'Authorisation',
          status: 'AE',
          write_off: { quantity: { value: '900.00', unit: 'KGM#G' } },
        },
      ],
    },
  ]);
  t.same(
    consignment.parties.map((party) => [party.role, party.name]),
    [
      ['DECLARANT', 'Kestrel Composites Demo BV'],
      ['EXPORTER', 'Kestrel Composites Demo BV'],
      ['CARRIER', 'Halcyon Lines Demo Ltd'],
      ['CONSIGNEE', 'Orchid Gate Logistics FZ Demo'],
    ],
    'an agent without name and number is nobody',
  );
  t.match(consignment.parties[1], {
    number: 'NL000000001',
    contacts: ['Mr Tavi Orlo'],
    address: { lines: ['Kade 1'], city: 'Demostad', country: 'NL' },
  });
  t.match(consignment, {
    border: { name: 'DEMO HALCYON TERN', number: '1234567', number_type: '10', nationality: 'QN', mode: '1' },
    departure: { number: 'ZZ-00-ZZ' },
    containers: [
      { number: 'ZZZU1234564', seals: [{ number: 'SEAL-1' }] },
      { number: 'ZZZU2048179', seals: [] },
    ],
    itinerary: [{ country: 'NL' }, { country: 'QP' }],
    export_country: 'NL',
    destination_country: 'QM',
    exit_office: 'NL000396',
    loading_location: { code: 'NLRTM' },
    trade_terms: { condition: 'FOB', location: 'NLRTM' },
    authorisations: [{ type: 'SDE', holder: 'NL001' }],
  });
});

t.test('amendments and cancellations name their target and say why', async (t) => {
  const amend = readDeclaration(amendment([['42A', '67A', '68A#2', '23A#1#137']], ''));
  t.match(amend, { function: 'amend', mrn: '26NLTEST00000001A1', lrn: 'KC-1', reason: 'Wrong at first', reason_codes: ['25'] });
  t.match(amend.amendments, [
    { steps: [{ section: '42A' }, { section: '67A' }, { section: '68A', sequence: 2 }, { section: '23A' }], tag: '137' },
  ]);
  t.same(amend.consignment.additional_information, [], 'the reason is not part of the goods');
  t.equal(amend.direction, undefined);
  t.match(readDeclaration(cancellation()), { function: 'cancel', reason: 'Lodged twice', reason_codes: ['1'], amendments: [] });
});

t.test('plain, without metadata, and in an envelope, the same is read', async (t) => {
  const inner = /<Declaration>[\s\S]*<\/Declaration>/.exec(exportMessage())?.[0] ?? '';
  const plain = inner
    .replace('<Declaration>', '<w:Declaration xmlns:w="urn:wco:datamodel:WCO:DEC:1" xmlns="urn:wco:datamodel:WCO:DEC:1">')
    .replace('</Declaration>', '</w:Declaration>');
  const { country, ...full } = readDeclaration(exportMessage());
  const scheme = (read: typeof full) => ({
    ...read,
    consignment: { ...read.consignment, goods: read.consignment.goods.map((line) => ({ ...line, national_tariff_scheme: '' })) },
  });
  t.equal(country, 'NL');
  t.same(scheme(readDeclaration(plain)), scheme(full));
  t.same(scheme(readDeclaration(`<e:request xmlns:e="urn:demo"><e:body>${plain}</e:body></e:request>`)), scheme(full));
  t.equal(readDeclaration(plain).consignment.goods[0]?.national_tariff_scheme, 'OTHER');
});

t.test('the direction comes from the type, else from the procedure', async (t) => {
  const directionOf = (type: string, procedure?: string) => {
    const goods =
      procedure === undefined
        ? ''
        : `<GoodsShipment>${goodsLine(1).replace('<CurrentCode>10', `<CurrentCode>${procedure}`)}</GoodsShipment>`;
    return readDeclaration(message(`<FunctionCode>9</FunctionCode><TypeCode>${type}</TypeCode>${goods}`)).direction;
  };
  t.equal(directionOf('IMA'), 'import');
  t.equal(directionOf('T1'), 'transit');
  t.equal(directionOf('COA', '31'), 'export');
  t.equal(directionOf('COA', '40'), 'import');
  t.equal(directionOf('COA'), undefined);
});

t.test('a commodity code is split as far as it is one', async (t) => {
  const codesOf = (code: string) => readDeclaration(exportMessage(goodsLine(1, '', code))).consignment.goods[0];
  t.match(codesOf('681511'), { hs_code: '681511', national_tariff_code: undefined });
  t.match(codesOf('6815110090'), { hs_code: '681511', national_tariff_code: '6815110090' });
  t.match(codesOf('about 6815'), { hs_code: undefined, classifications: [{ code: 'about 6815' }, { code: '90' }] });
});

const refusals: [string, string, string][] = [
  ['not_well_formed', 'no element', ' '],
  ['not_well_formed', 'a comment cut off', '<a><!-- x ->'],
  ['not_well_formed', 'an unknown entity', '<a>&nbsp;</a>'],
  ['not_well_formed', 'an unbound prefix', '<x:a/>'],
  ['not_well_formed', 'text behind the end', `${exportMessage()}x`],
  ['dtd_refused', 'a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ['dtd_refused', 'an external entity', '<!DOCTYPE a SYSTEM "file:///dev/null"><a/>'],
  ['bad_encoding', 'a character that was lost', exportMessage().replace('Kade', 'K\uFFFDde')],
  ['bad_encoding', 'half a surrogate pair', exportMessage().replace('Kade', 'K\uD800de')],
  ['too_large', 'too many characters', `<a>${' '.repeat(limits.characters)}</a>`],
  ['too_large', 'too many elements', `<a>${'<b/>'.repeat(limits.elements)}</a>`],
  ['too_large', 'too many attributes', `<a ${Array.from({ length: limits.attributes + 1 }, (_, i) => `a${i}=""`).join(' ')}/>`],
  ['too_deep', 'too deep', '<a>'.repeat(limits.depth + 1)],
  ['not_a_declaration', 'another document', '<a/>'],
  ['not_a_declaration', 'a Declaration of another model', '<Declaration xmlns="urn:demo"/>'],
  [
    'several_declarations',
    'two declarations',
    message('<FunctionCode>9</FunctionCode>').replace('</Declaration>', '</Declaration><Declaration/>'),
  ],
  ['missing_element', 'no type', message('<FunctionCode>9</FunctionCode>')],
  ['missing_element', 'a goods line without number', exportMessage(goodsLine(0))],
  ['unsupported_function', 'no function', message('<TypeCode>EXA</TypeCode>')],
  ['unsupported_function', 'a replacement', message('<FunctionCode>5</FunctionCode><TypeCode>EXA</TypeCode>')],
  ['unsupported_function', 'a request for something else', message('<FunctionCode>13</FunctionCode><TypeCode>XYZ</TypeCode>')],
  ['repeated_element', 'two types', message('<FunctionCode>9</FunctionCode><TypeCode>EXA</TypeCode><TypeCode>IMA</TypeCode>')],
  ['bad_value', 'two goods lines with one number', exportMessage(goodsLine(1) + goodsLine(1))],
  ['bad_value', 'a mass that is no number', exportMessage(goodsLine(1).replace('>960<', '>heavy<'))],
  ['bad_value', 'a sequence that is no number', exportMessage(goodsLine(1).replace('<SequenceNumeric>1<', '<SequenceNumeric>1.5<'))],
  ['bad_value', 'a date that does not exist', exportMessage().replace('20260302', '20260431')],
  ['bad_value', 'a date that is none', exportMessage().replace('20260302091000+01', 'tomorrow')],
];

t.test('what cannot be read is refused with code, place and reason', async (t) => {
  for (const [code, title, xml] of refusals) {
    t.throws(
      () => readDeclaration(xml),
      { name: 'InteropError', code, line: Number, column: Number, message: /\(line \d+, column \d+\)|characters$/ },
      title,
    );
  }
});

t.test('the place is that of the element', async (t) => {
  const xml =
    '<Declaration xmlns="urn:wco:datamodel:WCO:DEC:1">\n  <FunctionCode>9</FunctionCode>\n  <TypeCode>EXA</TypeCode>\n  <TypeCode>EXA</TypeCode></Declaration>';
  t.throws(() => readDeclaration(xml), { code: 'repeated_element', line: 4, column: 3 });
});

t.test('bytes become text by mark, declaration or UTF-8, and never with replaced characters', async (t) => {
  const xml = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>\u00e9</a>`;
  t.equal(decodeXml(Buffer.from(xml('UTF-8'), 'utf8')), xml('UTF-8'));
  t.equal(decodeXml(Buffer.from(`\uFEFF${xml('UTF-16')}`, 'utf16le')), xml('UTF-16'));
  t.equal(decodeXml(Buffer.from(xml('ISO-8859-1'), 'latin1')), xml('ISO-8859-1'));
  t.equal(decodeXml(Buffer.from('<a/>')), '<a/>');
  t.throws(() => decodeXml(Buffer.from(xml('UTF-8'), 'latin1')), { code: 'bad_encoding' });
  t.throws(() => decodeXml(Buffer.from(xml('EBCDIC-1'), 'latin1')), { code: 'bad_encoding', message: /EBCDIC-1/ });
});

t.test('whatever the text, there is an answer or a coded refusal', async () => {
  const origin = exportMessage(goodsLine(1) + goodsLine(2));
  const pieces = fc.constantFrom(
    '<',
    '>',
    '&',
    '"',
    ']]>',
    '<!--',
    '<Declaration>',
    '</GoodsShipment>',
    '<!DOCTYPE a>',
    '\uD800',
    '\0',
    exportHead,
    exportShipment,
    '9',
    '',
  );
  const mutation = fc.tuple(fc.nat(origin.length), fc.nat(60), fc.oneof(pieces, fc.string({ maxLength: 20 })));
  const mutated = fc
    .array(mutation, { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), origin));
  fc.assert(fc.property(fc.oneof(mutated, fc.string()), answersOrRefuses), { numRuns: 2000, seed: 20260302 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => answersOrRefuses(bytes)),
    { numRuns: 500, seed: 20260302 },
  );
});

function answersOrRefuses(input: string | Uint8Array): void {
  try {
    readDeclaration(typeof input === 'string' ? input : decodeXml(input));
  } catch (error) {
    if (!(error instanceof InteropError)) throw error;
  }
}
