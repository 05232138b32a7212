import t from 'tap';
import { airWaybillDigit, casDigit, containerRemainder, imoDigit, mod97, mrzDigit, postalDigit } from '../src/identifiers/check-digits.js';
import { checkIdentifier, checkIdentifiers, kinds, schemes, text } from '../src/index.js';

const vectors: Record<string, { PASS?: string[]; FAIL?: string[]; NA?: string[] }> = {
  CONTAINER: {
    PASS: ['CSQU3054383', 'ZZZU1234564', 'ZZZU2048179', 'ZZZU3300217', 'ZZZU5123002', 'ZZZU7004152', 'ZZZU4100770', 'zzzu 123456 4'],
    FAIL: ['CSQU3054384', 'ZZZX1234564', 'ZZZU123456', '', 'ZZZU12345640'],
  },
  IMO: { PASS: ['9074729', '1234567', '1234579', '1234581', '1234593', '1234608'], FAIL: ['1234568', '0123456', '12345678'] },
  AWB: { PASS: ['000-12345675', '000-20345614', '000-77001234', '00012345675'], FAIL: ['000-12345677', '000-12345678', '000-1234567'] },
  LEI: {
    PASS: [
      '5493001KJTIIGC8Y1R12',
      'ZZZZ00DEMOKESTREL094',
      'ZZZZ00DEMOBRUNFELD84',
      'ZZZZ00DEMOMARLINTR48',
      'ZZZZ00DEMOORCHIDFZ50',
      'ZZZZ00DEMOTANUKIEL81',
    ],
    FAIL: ['5493001KJTIIGC8Y1R13', 'ZZZZ00DEMOKESTREL0', 'ZZZZ00DEMOKESTREL0A4'],
  },
  IBAN: { PASS: ['GB82WEST12345698765432', 'NL91 ABNA 0417 1643 00'], FAIL: ['GB82WEST12345698765433', 'GB82'] },
  CAS: { PASS: ['107-44-8', '111-48-8', '7784-34-1', '50782-69-9'], FAIL: ['107-44-9', '107448', '107-4-48'] },
  PASSPORT: { PASS: ['L898902C36'], FAIL: ['L898902C35', 'L8989-02C'], NA: ['L898902C3', 'X1234'] },
  S10: { PASS: ['RA473124829GB'], FAIL: ['RA473124828GB', 'RA47312482GB'] },
  MMSI: { NA: ['299000017'], FAIL: ['199000017', '29900001'] },
  MRN: { NA: ['26NL000396X8FK2VJ9'], FAIL: ['26NL000396'] },
  EORI: { NA: ['NL123456789', 'XI123456789'], FAIL: ['EL123456789', '12345'] },
  VAT: { NA: ['NL123456789B01', 'EL123456789'], FAIL: ['U1', 'ZQ123456789'] },
  DUNS: { NA: ['123456789'], FAIL: ['12345678'] },
  IMO_COMPANY: { NA: ['1234568'], FAIL: ['123456'] },
  BIC: { NA: ['DEMOQMPM', 'DEMOQMPMXXX'], FAIL: ['DEMOQM'] },
  SCAC: { NA: ['DEMO'], FAIL: ['DEMOX', '1'] },
};

t.test('every scheme has vectors, and each vector its verdict', async (t) => {
  t.same(Object.keys(vectors).sort(), Object.keys(schemes).sort());
  for (const [scheme, byVerdict] of Object.entries(vectors)) {
    for (const [verdict, values] of Object.entries(byVerdict)) {
      for (const value of values) t.equal(checkIdentifier(scheme, value).check, verdict, `${scheme} ${value}`);
    }
  }
});

t.test('remarks and reasons are in the catalogue', async (t) => {
  const reasons = [checkIdentifier('CONTAINER', 'ZZZU4100770'), checkIdentifier('IMO', '1234568'), checkIdentifier('IMO', 'X')];
  t.same(
    reasons.map((r) => r.note),
    ['check.remainder_ten', 'check.digit', 'check.form'],
  );
  for (const { note } of reasons) t.ok(text(note ?? ''));
});

t.test('schemes without a check, unknown ones and the names of a prototype are not applicable', async (t) => {
  for (const scheme of ['TIN', 'NOPE', '__proto__', 'constructor', 'toString']) t.same(checkIdentifier(scheme, '1'), { check: 'NA' });
});

t.test('the arithmetic alone', async (t) => {
  t.equal(containerRemainder('ZZZU410077'), 10);
  t.equal(containerRemainder('CSQU305438'), 3);
  t.equal(imoDigit('907472'), 9);
  t.equal(airWaybillDigit('1234567'), 5);
  t.equal(mod97('5493001KJTIIGC8Y1R12'), 1);
  t.equal(casDigit('10744'), 8);
  t.same(['L898902C3', '740812', '120415', 'D23145890', '<<<'].map(mrzDigit), [6, 2, 9, 7, 0]);
  t.equal(postalDigit('47312482'), 9);
  t.equal(postalDigit('00000000'), 5, 'eleven becomes five');
  t.equal(postalDigit('00000008'), 0, 'ten becomes nought');
  t.equal(postalDigit('10000001'), 7);
});

t.test('every identifier of a body is found where it stands', async (t) => {
  const body = {
    goods: [{ id: 'G1', cas_number: '107-44-9' }],
    parties: [
      {
        id: 'P1',
        party_kind: 'LEGAL',
        identifiers: [
          { scheme: 'LEI', value: 'ZZZZ00DEMOKESTREL094' },
          { scheme: 'TIN', value: '1' },
          { scheme: 'NOPE', value: '2' },
        ],
      },
    ],
    transport: [{ id: 'T1', vessel: { imo_number: '1234568' }, container: { number: 'ZZZU1234564' } }],
    financial: [{ id: 'F1', iban: 'GB82WEST12345698765432' }],
  };
  const found = checkIdentifiers(kinds.get('alert')!, body);
  t.same(
    found.map(({ pointer, scheme, check }) => [pointer, scheme, check]),
    [
      ['/body/goods/0/cas_number', 'CAS', 'FAIL'],
      ['/body/parties/0/identifiers/0/value', 'LEI', 'PASS'],
      ['/body/transport/0/vessel/imo_number', 'IMO', 'FAIL'],
      ['/body/transport/0/container/number', 'CONTAINER', 'PASS'],
      ['/body/financial/0/iban', 'IBAN', 'PASS'],
    ],
  );
  const learnt = { new_identifiers: [{ scheme: 'CONTAINER', value: 'ZZZU2048179', data_class: 'N1' }] };
  t.same(checkIdentifiers(kinds.get('sighting')!, learnt)[0]?.check, 'PASS');
});
