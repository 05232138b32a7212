import { type Handling, kinds, layout } from '@entente/statement';
import t from 'tap';
import {
  type Agreement,
  type Arrival,
  accept,
  decide,
  Permit,
  purposesOf,
  type Question,
  Refusal,
  type SignedAgreement,
} from '../src/index.js';

const customs = 'https://nl-cus.example';
const licensing = 'https://de-lic.example';
const now = 1_772_442_000;
const alert = kinds.get('alert')!;
const handling = (change: Partial<Handling> = {}): Handling => ({
  ...alert.example.handling,
  handling_codes: [],
  purposes: ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION', 'PROSECUTION'],
  ...change,
});

const agreement: Agreement = {
  id: 'NL-DE-2026',
  version: 1,
  title: 'Invented arrangement',
  instrument: 'MOU-7',
  parties: [customs, licensing],
  effective: now - 10,
  expires: now + 86_400,
  grants: [
    {
      from: [customs],
      to: [licensing],
      kinds: ['alert'],
      classes: ['N0', 'N1', 'P1', 'C1'],
      purposes: ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION', 'PROSECUTION'],
      handling_ceiling: { tlp: 'RED', classification: 'SECRET' },
      retention_days: 30,
      onward: 'named',
      release: 'automatic',
    },
  ],
  grace_hours: 1,
};
const signed: SignedAgreement = { digest: 'A'.repeat(43), agreement, signedBy: [customs, licensing] };

const question = (change: Partial<Question> = {}): Question => ({
  kind: 'alert',
  parts: layout(alert, alert.example).parts,
  handling: handling(),
  legal_basis: alert.example.legal_basis,
  exercise: false,
  valid_until: now + 3600,
  from: customs,
  to: licensing,
  agreements: [signed],
  now,
  ceilings: { node: 'RESTRICTED', link: 'RESTRICTED' },
  ...change,
});
const permitted = (change: Partial<Question> = {}): Permit => {
  const decision = decide(question(change));
  if (!(decision instanceof Permit)) throw new Error(decision.reason);
  return decision;
};
const ruleOf = (change: Partial<Question> = {}): string => {
  const decision = decide(question(change));
  return decision instanceof Refusal ? decision.rule : 'permitted';
};
const marked = (change: Partial<Handling>, asked: Partial<Question> = {}) => ruleOf({ ...asked, handling: handling(change) });
const level = (code: string) => ({ classification: { scheme: 'NL', level: code } });

const verdict = (change: Partial<Handling>, arrival: Partial<Arrival> = {}, readers?: string[]): string => {
  const { terms, agreement: name, released } = permitted();
  const result = accept({
    release: { ...terms, iat: now, agreement: name, ...(readers && { readers }) },
    claims: { kind: 'alert', handling: handling(change), valid_until: now + 3600 },
    parts: released.map(({ part }) => part),
    from: customs,
    to: licensing,
    agreements: [signed],
    now,
    ceilings: { node: 'RESTRICTED', link: 'RESTRICTED' },
    ...arrival,
  });
  return result instanceof Refusal ? result.rule : 'accepted';
};

t.test('LC-09 H0 and H1: the handling codes narrow the purposes, at the sender and at the recipient', async (t) => {
  t.same(purposesOf(handling()), ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION', 'PROSECUTION']);
  t.same(purposesOf(handling({ handling_codes: ['H1'] })), ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION'], 'not in proceedings');
  t.same(purposesOf(handling({ handling_codes: ['H0'] })), ['CUSTOMS_OFFENCE_PREVENTION', 'PROSECUTION'], 'only against crime');
  t.same(purposesOf(handling({ handling_codes: ['H0', 'H1'] })), ['CUSTOMS_OFFENCE_PREVENTION'], 'the strictest of both');
  t.same(permitted({ handling: handling({ handling_codes: ['H1'] }) }).terms.purposes, ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION']);
  t.equal(verdict({}), 'accepted');
  t.equal(verdict({ handling_codes: ['H1'] }), 'purpose_not_granted', 'a sender that names proceedings all the same is not believed');
  t.equal(marked({ handling_codes: ['H0'], purposes: ['CUSTOMS_CONTROL'] }), 'purpose_not_granted');
});

t.test('DP-06 the strictest of TLP, H2, originator control and the agreement rules what may be passed on', async (t) => {
  const onward = (change: Partial<Handling>) =>
    permitted({ handling: handling({ orcon: false, tlp: 'GREEN', onward: { mode: 'NAMED' }, ...change }) }).terms.onward;
  t.equal(onward({}), 'named');
  t.equal(onward({ handling_codes: ['H2'] }), 'originator_consent');
  t.equal(onward({ orcon: true }), 'originator_consent');
  t.equal(onward({ tlp: 'AMBER+STRICT' }), 'originator_consent');
  t.equal(onward({ onward: { mode: 'NONE' } }), 'none');
  t.equal(onward({ onward: { mode: 'NONE' }, handling_codes: ['H2'] }), 'none');
});

t.test('6.6 classification: the ceiling of the node and that of the link hold whatever was agreed', async (t) => {
  t.equal(marked(level('RESTRICTED')), 'permitted');
  t.equal(marked(level('CONFIDENTIAL')), 'above_node_ceiling');
  t.equal(marked(level('RESTRICTED'), { ceilings: { node: 'SECRET', link: 'NONE' } }), 'above_link_ceiling');
  t.equal(marked(level('CONFIDENTIAL'), { ceilings: { node: 'SECRET', link: 'SECRET' } }), 'permitted');
  t.equal(
    marked(level('COSMIC'), { ceilings: { node: 'TOP_SECRET', link: 'TOP_SECRET' } }),
    'above_node_ceiling',
    'what is on no list is above everything',
  );
  t.equal(verdict(level('RESTRICTED')), 'accepted');
  t.equal(verdict(level('CONFIDENTIAL')), 'above_node_ceiling');
  t.equal(
    verdict(level('RESTRICTED'), { ceilings: { node: 'SECRET', link: 'NONE' } }),
    'above_link_ceiling',
    'neither does the recipient take it in',
  );
});

t.test('DP-17 personal data are transferred on a ground only; everything else goes', async (t) => {
  const parts = [
    { pointer: '/body/title', dataClass: 'N0' as const },
    { pointer: '/body/parties', dataClass: 'N1' as const },
    { pointer: '/body/parties/0', dataClass: 'P1' as const },
    { pointer: '/body/parties/1', dataClass: 'N1' as const },
  ];
  const withheld = (transfer_basis?: string) =>
    permitted({ parts, ...(transfer_basis && { transfer_basis }) }).withheld.map(({ part, rule }) => `${part.pointer} ${rule}`);
  t.same(withheld(), [], 'the agreement itself is the ground');
  for (const basis of ['ADEQUACY', 'SAFEGUARDS_ASSESSMENT', 'DEROGATION_38']) t.same(withheld(basis), [], basis);
  t.same(withheld('NONE'), ['/body/parties/0 no_transfer_basis']);
  t.same(withheld('BECAUSE'), ['/body/parties/0 no_transfer_basis'], 'what is on no list is no ground');
  t.equal(permitted({ parts, transfer_basis: 'ADEQUACY' }).terms.transfer_basis, 'ADEQUACY', 'and the ground travels with the release');
});

t.test('TLP:RED goes to nobody but named readers, who travel with the release', async (t) => {
  t.equal(marked({ tlp: 'RED' }), 'red_needs_names');
  t.equal(marked({ tlp: 'RED' }, { readers: ['officer-7'] }), 'permitted');
  t.same(permitted({ readers: ['officer-7'] }).terms.readers, ['officer-7'], 'the sender may name readers of anything');
  t.notOk('readers' in permitted().terms);
  t.equal(verdict({ tlp: 'RED' }), 'red_needs_names', 'the recipient takes none without');
  t.equal(verdict({ tlp: 'RED' }, {}, []), 'red_needs_names');
  t.equal(verdict({ tlp: 'RED' }, {}, ['officer-7']), 'accepted');
});

t.test('nothing is released, and nothing taken in, that is no longer valid', async (t) => {
  t.equal(ruleOf({ valid_until: now }), 'statement_expired');
  t.equal(verdict({}, { claims: { kind: 'alert', handling: handling(), valid_until: now } }), 'statement_expired');
});
