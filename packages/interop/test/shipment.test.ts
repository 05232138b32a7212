import t from 'tap';
import { applyAmendment, cancelShipment, type Declaration, isAbout, readDeclaration, type Shipment, shipmentOf } from '../src/index.js';
import { amendment, cancellation, exportMessage, goodsLine, licenceDocument, message } from './messages.js';

const shipment: Shipment = shipmentOf(readDeclaration(exportMessage(goodsLine(1) + goodsLine(2))));
const amended = (paths: string[][], content: string): Shipment => applyAmendment(shipment, readDeclaration(amendment(paths, content)));
const inGoods = (content: string, number = 1): string =>
  `<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>${number}</SequenceNumeric>${content}</GovernmentAgencyGoodsItem></GoodsShipment>`;
const line = (number = 1): string[] => ['42A', '67A', `68A#${number}`];

t.test('a declaration starts a shipment under its MRN, else its LRN', async (t) => {
  t.match(shipment, {
    reference: '26NLTEST00000001A1',
    mrn: '26NLTEST00000001A1',
    lrn: 'KC-1',
    state: 'declared',
    direction: 'export',
    changes: [],
  });
  t.equal(shipment.goods.length, 2);
  t.same(JSON.parse(JSON.stringify(shipment)), shipment, 'it is plain JSON');
  const withoutMrn = shipmentOf(readDeclaration(exportMessage().replace(/<ID>26NLTEST\w+<\/ID>/, '')));
  t.match(withoutMrn, { reference: 'KC-1', mrn: undefined });
  const nameless: Declaration = { ...readDeclaration(exportMessage()) };
  delete nameless.mrn;
  delete nameless.lrn;
  t.throws(() => shipmentOf(nameless), { code: 'missing_element' });
  t.throws(() => shipmentOf(readDeclaration(cancellation())), { code: 'unsupported_function' });
  t.throws(() => shipmentOf(readDeclaration(message('<FunctionCode>9</FunctionCode><ID>A</ID><TypeCode>COA</TypeCode>'))), {
    code: 'bad_value',
  });
});

t.test('the MRN decides whom a message is about, the LRN where one of them has no MRN', async (t) => {
  const cancel = readDeclaration(cancellation());
  const withoutMrn = { ...shipment };
  delete withoutMrn.mrn;
  t.ok(isAbout(cancel, shipment));
  t.ok(isAbout(cancel, withoutMrn));
  t.notOk(isAbout(readDeclaration(cancellation('26NLTEST00000002A1')), shipment));
  t.notOk(isAbout({ ...cancel, lrn: 'KC-2' }, withoutMrn));
  t.equal(cancelShipment(withoutMrn, cancel).mrn, '26NLTEST00000001A1', 'the answer of customs is learnt from the cancellation');
});

t.test('a cancellation leaves what was declared and ends changes', async (t) => {
  const cancelled = cancelShipment(shipment, readDeclaration(cancellation()));
  t.match(cancelled, { state: 'cancelled', changes: [{ function: 'cancel', reason: 'Lodged twice', reason_codes: ['1'] }] });
  t.same(cancelled.goods, shipment.goods);
  t.throws(() => cancelShipment(cancelled, readDeclaration(cancellation())), { code: 'already_cancelled' });
  t.throws(() => cancelShipment(shipment, readDeclaration(cancellation('26NLTEST00000002A1'))), { code: 'wrong_target' });
  t.throws(() => cancelShipment(shipment, readDeclaration(amendment([], ''))), { code: 'unsupported_function' });
});

t.test('an amendment changes what it points at and nothing else', async (t) => {
  const status = amended([[...line(), '02A#1#360']], inGoods(licenceDocument.replace('>AE<', '>EP<')));
  t.equal(status.goods[0]?.documents[0]?.status, 'EP');
  t.match(status, { state: 'amended', changes: [{ function: 'amend', reason: 'Wrong at first', reason_codes: ['25'] }] });
  const restored = structuredClone(status);
  restored.goods[0]!.documents[0]!.status = 'AE';
  t.same({ ...restored, state: 'declared', changes: [] }, shipment);
  t.equal(shipment.goods[0]?.documents[0]?.status, 'AE', 'the shipment handed in is not touched');
});

t.test('pointers reach every part, add, replace and remove', async (t) => {
  const consignee = '<GoodsShipment><Consignee><Name>Merov Sports Goods Demo</Name></Consignee></GoodsShipment>';
  const check = (paths: string[][], content: string, see: (after: Shipment) => unknown, wanted: unknown, title: string) =>
    t.same(see(amended(paths, content)), wanted, title);

  check(
    [['42A', '67A', '27A']],
    consignee,
    (s) => s.parties.find((p) => p.role === 'CONSIGNEE'),
    { role: 'CONSIGNEE', name: 'Merov Sports Goods Demo' },
    'a party',
  );
  check(
    [['42A', '67A', '27A##R014'.replace('##', '#1#')]],
    consignee,
    (s) => s.parties.find((p) => p.role === 'CONSIGNEE')?.address?.country,
    'QM',
    'the name of a party only',
  );
  check(
    [['42A', '67A', '99B#1#465']],
    '<GoodsShipment><Destination><CountryCode>QT</CountryCode></Destination></GoodsShipment>',
    (s) => s.destination_country,
    'QT',
    'the destination',
  );
  check(
    [['42A', '15A#1#T006']],
    '<BorderTransportMeans><ID>1234579</ID></BorderTransportMeans>',
    (s) => [s.border?.number, s.border?.name],
    ['1234579', 'DEMO HALCYON TERN'],
    'the ship',
  );
  check(
    [['42A', '67A', '28A', '31B#2#159']],
    '<GoodsShipment><Consignment><TransportEquipment><SequenceNumeric>2</SequenceNumeric><ID>ZZZU3300217</ID></TransportEquipment></Consignment></GoodsShipment>',
    (s) => s.containers.map((c) => c.number),
    ['ZZZU1234564', 'ZZZU3300217'],
    'a container by its sequence number',
  );
  check(
    [['42A', '67A', '28A', '64A', '04A#1#242']],
    '<GoodsShipment><Consignment><GoodsLocation><Address><CountryCode>BE</CountryCode></Address></GoodsLocation></Consignment></GoodsShipment>',
    (s) => s.goods_location,
    { ...shipment.goods_location, country: 'BE' },
    'the country of a place',
  );
  const recoded =
    '<Commodity><Classification><ID>72249090</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></Classification></Commodity>';
  check(
    [[...line(2), '23A', '21A#1#145']],
    inGoods(recoded, 2),
    (s) => s.goods.map((g) => g.hs_code),
    ['681511', '722490'],
    'a commodity code, read again',
  );
  check(
    [[...line(), '02A#2']],
    inGoods('<AdditionalDocument><CategoryCode>N</CategoryCode><TypeCode>380</TypeCode><ID>I-1</ID></AdditionalDocument>'),
    (s) => s.goods[0]?.documents.map((d) => d.code),
    ['X002', 'N380'],
    'a document added',
  );
  check([[...line(), '02A#1']], '', (s) => s.goods[0]?.documents, [], 'a document removed');
  check([line(1)], '', (s) => s.goods.map((g) => g.line_no), [2], 'a goods line removed');
  check([['42A', '56A#1#G005']], '', (s) => s.exit_office, undefined, 'an attribute removed');
  check(
    [line(3)],
    `<GoodsShipment>${goodsLine(3, '')}</GoodsShipment>`,
    (s) => s.goods.map((g) => g.line_no),
    [1, 2, 3],
    'a goods line added',
  );
  check(
    [[...line(), '99A#1#D031']],
    inGoods('<PreviousDocument><CategoryCode>Z</CategoryCode></PreviousDocument>'),
    (s) => s.goods[0]?.previous_documents,
    [{ category: 'Z' }],
    'an attribute of what is not there yet takes the whole',
  );
});

t.test('a list that is carried whole and one that carries only the changes are told apart', async (t) => {
  const three = ['A', 'B', 'C'].map(
    (id) => `<AdditionalDocument><CategoryCode>N</CategoryCode><TypeCode>380</TypeCode><ID>${id}</ID></AdditionalDocument>`,
  );
  const start = shipmentOf(readDeclaration(exportMessage(goodsLine(1, three.join('')))));
  const numbersAfter = (paths: string[][], documents: string[]) =>
    applyAmendment(start, readDeclaration(amendment(paths, inGoods(documents.join(''))))).goods[0]?.documents.map(
      (document) => document.number,
    );
  const renamed = three.map((document) => document.replace(/<ID>(.)/, '<ID>$1$1'));
  t.same(numbersAfter([[...line(), '02A#2#D005']], [renamed[1]!]), ['A', 'BB', 'C'], 'only the changed one');
  t.same(numbersAfter([[...line(), '02A#2#D005']], renamed), ['A', 'BB', 'C'], 'the whole list');
  t.same(
    numbersAfter(
      [
        [...line(), '02A#3#D005'],
        [...line(), '02A#1#D005'],
      ],
      [renamed[0]!, renamed[2]!],
    ),
    ['AA', 'B', 'CC'],
    'two changed ones',
  );
  t.same(
    applyAmendment(
      start,
      readDeclaration(
        amendment(
          [
            [...line(), '02A#1'],
            [...line(), '02A#2'],
          ],
          inGoods(''),
        ),
      ),
    ).goods[0]?.documents.map((d) => d.number),
    ['C'],
    'positions hold until the end',
  );
});

t.test('an amendment without pointers is merged', async (t) => {
  const after = amended(
    [],
    `<BorderTransportMeans><ID>1234579</ID></BorderTransportMeans><ExitOffice><ID>NL000510</ID></ExitOffice>
<Exporter><ID>NL000000002</ID></Exporter>${inGoods('<Commodity><Description>Maraging steel</Description></Commodity>', 2)}`,
  );
  t.match(after, { exit_office: 'NL000510', border: { number: '1234579', name: 'DEMO HALCYON TERN' }, state: 'amended' });
  t.match(
    after.parties.find((party) => party.role === 'EXPORTER'),
    { number: 'NL000000002', name: 'Kestrel Composites Demo BV' },
  );
  t.same(
    after.goods.map((goods) => goods.description),
    ['Carbon fibre tow, 12K', 'Maraging steel'],
  );
  t.same(after.goods[1]?.documents, shipment.goods[1]?.documents, 'what it leaves out stays');
  const more = amended([], `<GoodsShipment>${goodsLine(3)}</GoodsShipment>${'<AuthorisationHolder><ID>NL002</ID></AuthorisationHolder>'}`);
  t.equal(more.goods.length, 3);
  t.same(more.authorisations, [{ holder: 'NL002' }], 'elements without a number replace the list');
});

t.test('pointers that lead nowhere are refused with their place', async (t) => {
  const nowhere: [string, string[]][] = [
    ['an unknown class', ['42A', '11Z']],
    ['an unknown attribute', ['42A', '67A#1#X999']],
    ['the whole declaration', ['42A']],
    ['a goods line that neither has', [...line(9), '02A#1#360']],
    ['a position far beyond the list', [...line(), '02A#7#360']],
  ];
  for (const [title, path] of nowhere)
    t.throws(() => amended([path], ''), { code: 'unknown_pointer', line: Number, message: /\(line \d+/ }, title);
  t.throws(() => applyAmendment(cancelShipment(shipment, readDeclaration(cancellation())), readDeclaration(amendment([], ''))), {
    code: 'already_cancelled',
  });
});
