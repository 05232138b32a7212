import { type DataClass, dataClasses, type Handling, kinds, layout, type Part } from '@entente/statement';
import fc from 'fast-check';
import t from 'tap';
import {
  type Acceptance,
  type Agreement,
  type Arrival,
  accept,
  decide,
  explain,
  type Grant,
  inForce,
  Permit,
  parseAgreement,
  type Question,
  Refusal,
  refusalOfSingleRelease,
  rules,
  type SignedAgreement,
} from '../src/index.js';

const customs = 'https://nl-cus.example';
const licensing = 'https://de-lic.example';
const merovia = 'https://qm-cus.example';
const now = 1_772_442_000;
const day = 86_400;
const alert = kinds.get('alert')!;
const { handling, legal_basis } = alert.example;

const grant: Grant = {
  from: [customs],
  to: [licensing],
  kinds: ['alert'],
  classes: ['N0', 'N1', 'C1'],
  purposes: ['CUSTOMS_CONTROL', 'LICENSING'],
  handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'RESTRICTED' },
  retention_days: 30,
  onward: 'none',
  release: 'automatic',
};
const agreement: Agreement = {
  id: 'NL-DE-2026',
  version: 1,
  title: 'Exchange on exports of dual-use goods',
  instrument: 'CMAA-NL-DE',
  parties: [customs, licensing, merovia],
  effective: now - day,
  expires: now + 100 * day,
  grants: [grant],
  grace_hours: 24,
};
const sign = (change: Partial<Agreement> = {}, signedBy = [customs, licensing, merovia]): SignedAgreement => {
  const changed = { ...agreement, ...change };
  return {
    digest: Buffer.from(`${changed.id}${changed.version}${changed.supersedes ?? ''}`)
      .toString('base64url')
      .padEnd(43, 'A')
      .slice(0, 43),
    agreement: changed,
    signedBy,
  };
};
const granting = (change: Partial<Grant>) => sign({ grants: [{ ...grant, ...change }] });

const question = (change: Partial<Question> = {}): Question => ({
  kind: 'alert',
  parts: layout(alert, alert.example).parts,
  handling: { ...handling, purposes: ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION'] },
  legal_basis,
  exercise: false,
  valid_until: now + day,
  from: customs,
  to: licensing,
  agreements: [sign()],
  now,
  ...change,
});
const permitted = (change: Partial<Question> = {}): Permit => {
  const decision = decide(question(change));
  if (!(decision instanceof Permit)) throw new Error(decision.reason);
  return decision;
};
const refused = (change: Partial<Question> = {}): string => {
  const decision = decide(question(change));
  return decision instanceof Refusal ? decision.rule : 'permitted';
};

t.test('what an agreement grants is released, with the rule for every part', async (t) => {
  const permit = permitted();
  const { parts } = question();
  t.equal(permit.released.length + permit.withheld.length, parts.length);
  t.match(permit, {
    from: customs,
    to: licensing,
    agreement: { id: 'NL-DE-2026', version: 1, digest: sign().digest },
    release: 'automatic',
  });
  t.same(permit.terms, {
    purposes: ['CUSTOMS_CONTROL'],
    retain_until: now + 30 * day,
    onward: 'none',
    transfer_basis: 'SAFEGUARDS_INSTRUMENT',
  });
  t.throws(() => Object.assign(permit, { to: merovia }), TypeError, 'a permit does not change');
  t.throws(() => (permit.released as unknown[]).push(permit.withheld[0]), TypeError);
  t.throws(() => Object.assign(permit.terms, { retain_until: 0 }), TypeError);
  t.notOk(Permit.isPermit({ ...permit }));
  t.ok(Permit.isPermit(permit));
});

t.test('F07 LC-08 empty, unknown, deleted, expired or half-signed: nobody receives it', async (t) => {
  t.equal(refused({ agreements: [] }), 'agreement_missing', 'none, or deleted');
  t.equal(refused({ to: 'https://xx-cus.example' }), 'agreement_missing', 'unknown addressee');
  t.equal(refused({ to: '' }), 'agreement_missing', 'empty addressee');
  t.equal(refused({ from: 'https://xx-cus.example' }), 'agreement_missing', 'unknown sender');
  t.equal(refused({ agreements: [sign({}, [customs])] }), 'agreement_half_signed');
  t.equal(refused({ agreements: [sign({}, [])] }), 'agreement_half_signed');
  t.equal(refused({ agreements: [sign({}, [customs, merovia])] }), 'agreement_half_signed', 'signed by the wrong one');
  t.equal(refused({ agreements: [sign({ expires: now })] }), 'agreement_ended');
  t.equal(refused({ agreements: [sign({ effective: now + 1 })] }), 'agreement_not_yet');
  t.equal(refused({ agreements: [sign({ grants: [] })] }), 'direction_not_granted', 'no grants');
  const empty: [keyof Grant, string][] = [
    ['from', 'direction_not_granted'],
    ['to', 'direction_not_granted'],
    ['kinds', 'kind_not_granted'],
    ['classes', 'nothing_granted'],
    ['purposes', 'purpose_not_granted'],
  ];
  for (const [member, rule] of empty) t.equal(refused({ agreements: [granting({ [member]: [] })] }), rule, `empty ${member}`);
  t.equal(refused({ agreements: [granting({ retention_days: 0 })] }), 'terms_run_out');
  t.equal(refused({ handling: { ...handling, purposes: [] } }), 'purpose_not_granted', 'a statement without purpose');
});

t.test('the general rules come first', async (t) => {
  t.equal(refused({ to: customs }), 'to_itself');
  t.equal(refused({ valid_until: now }), 'statement_expired');
  t.equal(refused({ kind: 'denial' }), 'kind_not_granted');
  t.equal(refused({ from: licensing, to: customs }), 'direction_not_granted', 'a grant has a direction');
  t.equal(refused({ issued_at: now - 2 * day }), 'older_than_agreement');
  t.equal(refused({ issued_at: now - 2 * day, release_act: true }), 'permitted');
  const recall = [{ type: 'recalls', of: 'x' }];
  t.equal(refused({ rel: recall }), 'target_not_held');
  t.equal(refused({ rel: recall, relHeldBy: (_, node) => node === merovia }), 'target_not_held', 'held by another');
  t.equal(refused({ rel: recall, relHeldBy: (_, node) => node === licensing }), 'permitted');
  const same = [{ type: 'same_case', of: 'x' }];
  t.equal(refused({ rel: same, relExercise: () => true }), 'exercise_apart');
  t.equal(refused({ exercise: true, rel: same, relExercise: () => false }), 'exercise_apart');
  t.equal(refused({ exercise: true, rel: same, relExercise: () => undefined }), 'permitted');
});

t.test('markings have a ceiling', async (t) => {
  const marked = (change: Partial<Handling>, more: Partial<Question> = {}) =>
    refused({ handling: { ...question().handling, ...change }, ...more });
  t.equal(marked({ tlp: 'CLEAR' }), 'permitted');
  t.equal(marked({ tlp: 'RED' }), 'tlp_above_ceiling');
  t.equal(marked({ tlp: 'PURPLE' }), 'tlp_above_ceiling', 'an unknown marking is above everything');
  const red = [granting({ handling_ceiling: { tlp: 'RED', classification: 'NONE' } })];
  t.equal(marked({ tlp: 'RED' }, { agreements: red }), 'red_needs_names');
  t.equal(marked({ tlp: 'RED' }, { agreements: red, readers: ['duty officer'] }), 'permitted');
  const classification = { scheme: 'NL', level: 'CONFIDENTIAL' };
  t.equal(marked({ classification }), 'classification_above_ceiling');
  const decision = decide(question({ handling: { ...question().handling, classification } }));
  t.match((decision as Refusal).reason, /CONFIDENTIAL/);
});

t.test('parts', async (t) => {
  const part = (pointer: string, dataClass: DataClass): Part => ({ pointer, dataClass });
  const decideParts = (parts: Part[], classes: DataClass[], more: Partial<Question> = {}) => {
    const decision = decide(question({ parts, agreements: [granting({ classes })], ...more }));
    if (decision instanceof Refusal) return { refusal: decision.rule };
    return Object.fromEntries([...decision.released, ...decision.withheld].map((d) => [d.part.pointer, d.rule]));
  };
  const goods = [part('/body/goods', 'N0'), part('/body/goods/0', 'N0'), part('/body/goods/0/C1', 'C1')];
  const granted = 'class_granted';
  t.same(decideParts(goods, ['N0', 'C1']), { '/body/goods': granted, '/body/goods/0': granted, '/body/goods/0/C1': granted });
  t.same(decideParts(goods, ['N0']), { '/body/goods': granted, '/body/goods/0': granted, '/body/goods/0/C1': 'class_not_granted' });
  t.same(decideParts(goods, ['C1']), { refusal: 'nothing_granted' }, 'a price without its goods is nothing');
  const parties = [part('/body/title', 'N0'), part('/body/parties', 'N0'), part('/body/parties/0', 'P1'), part('/body/parties/1', 'N1')];
  const all = { '/body/title': granted, '/body/parties': granted };
  t.same(decideParts(parties, ['N0', 'N1']), { ...all, '/body/parties/0': 'class_not_granted', '/body/parties/1': granted });
  const none = {
    ...all,
    '/body/parties': 'nothing_inside',
    '/body/parties/0': 'class_not_granted',
    '/body/parties/1': 'class_not_granted',
  };
  t.same(decideParts(parties, ['N0']), none, 'an empty list would only tell that there are parties');
  const withoutList = [part('/body/title', 'N1'), part('/body/parties', 'N0'), part('/body/parties/1', 'N1')];
  t.same(decideParts(withoutList, ['N1']), {
    '/body/title': granted,
    '/body/parties': 'class_not_granted',
    '/body/parties/1': 'container_withheld',
  });
  t.same(decideParts([part('/body/a', 'N0'), part('/body/b', 'P2')], [...dataClasses]), {
    '/body/a': granted,
    '/body/b': 'special_category',
  });
  const judicial = [part('/body/a', 'N0'), part('/body/b', 'J1')];
  t.same(decideParts(judicial, [...dataClasses]), { '/body/a': granted, '/body/b': 'authorisation_missing' });
  t.same(decideParts(judicial, [...dataClasses], { authorisation: 'order 12' }), { '/body/a': granted, '/body/b': granted });
  const related = [part('/body/a', 'N0'), part('/rel/0', 'N0'), part('/rel/1', 'N0')];
  const rel = ['x', 'y'].map((of) => ({ type: 'replies_to', of }));
  t.same(decideParts(related, ['N0'], { rel, relHeldBy: (of) => of === 'y' }), {
    '/body/a': granted,
    '/rel/0': 'relation_not_held',
    '/rel/1': 'relation_held',
  });
  t.same(
    decideParts(related, ['N0']),
    { '/body/a': granted, '/rel/0': 'relation_not_held', '/rel/1': 'relation_not_held' },
    'unknown is not held',
  );
  t.same(decideParts([], ['N0']), {}, 'a statement of open claims only');
});

t.test('terms: the strictest wins', async (t) => {
  const onward = (mode: string, granted: Grant['onward'], change: Partial<Handling> = {}) => {
    const marked = { ...question().handling, orcon: false, handling_codes: [], tlp: 'AMBER', onward: { mode }, ...change };
    return permitted({ handling: marked, agreements: [granting({ onward: granted })] }).terms.onward;
  };
  t.equal(onward('NAMED', 'named'), 'named');
  t.equal(onward('PRIOR_CONSENT', 'named'), 'originator_consent');
  t.equal(onward('NAMED', 'none'), 'none');
  t.equal(onward('NONE', 'named'), 'none');
  t.equal(onward('ANYBODY', 'named'), 'none', 'an unknown marking allows nothing');
  t.equal(onward('NAMED', 'named', { orcon: true }), 'originator_consent');
  t.equal(onward('NAMED', 'named', { handling_codes: ['H2'] }), 'originator_consent');
  t.equal(onward('NAMED', 'named', { tlp: 'AMBER+STRICT' }), 'originator_consent');
  t.equal(permitted({ reply_by: now + 5 }).terms.reply_by, now + 5);
  t.equal(permitted({ urgency: 'IMMEDIATE' }).terms.reply_by, now + 8 * 3600);
  t.equal(permitted({ urgency: 'ROUTINE' }).terms.reply_by, now + 30 * day);
  t.equal(permitted({ transfer_basis: 'ADEQUACY' }).terms.transfer_basis, 'ADEQUACY');
});

t.test('two officers where the law asks for two', async (t) => {
  const personal: Part[] = [
    { pointer: '/body/warning_codes', dataClass: 'P1' },
    { pointer: '/body/title', dataClass: 'N0' },
  ];
  t.equal(permitted({ agreements: [granting({ release: 'second_officer' })] }).release, 'second_officer');
  t.equal(permitted({ coercive: true }).release, 'second_officer');
  t.equal(permitted({ parts: personal, agreements: [granting({ classes: ['N0', 'P1'] })] }).release, 'second_officer');
  t.equal(permitted({ parts: personal }).release, 'automatic', 'personal data that stays here needs no second officer');
  t.equal(permitted({ kind: 'recall', tie: { agreement: sign().digest, until: now + day } }).release, 'second_officer');
});

t.test('recall, correction and compliance need no grant while something given can be kept, and a year longer', async (t) => {
  const year = 365 * day;
  const of = 'A'.repeat(43);
  const ended = sign({ expires: now - day / 2, grants: [{ ...grant, kinds: ['alert'] }] });
  const tie = { agreement: ended.digest, until: now - year + 1 };
  const recall = { kind: 'recall', tie, agreements: [ended], rel: [{ type: 'recalls', of }], relHeldBy: () => true };
  const permit = permitted(recall);
  t.same(permit.terms.retain_until, now + 1);
  t.equal(permit.agreement.digest, ended.digest, 'the agreement under which it was given, also after its end');
  t.same([...new Set(permit.released.map(({ part }) => part.dataClass))].sort(), ['C1', 'N0'], 'the classes granted, for any kind');
  const open = permitted({ ...recall, agreements: [sign({ expires: now - 1, grants: [] })] });
  t.ok(open.released.length > 0 && open.released.every(({ part }) => part.dataClass === 'N0'), 'without a grant, what names nobody');
  t.equal(refused({ ...recall, tie: { ...tie, until: now - year } }), 'no_tie');
  t.equal(refused({ ...recall, tie: undefined }), 'no_tie');
  t.equal(refused({ ...recall, agreements: [] }), 'agreement_unknown');
  t.equal(refused({ ...recall, relHeldBy: () => false }), 'target_not_held', 'only holders of the target hear of its recall');
  t.equal(refused({ ...recall, relOriginator: () => merovia }), 'not_originator');
  t.equal(
    permitted({ ...recall, relOriginator: () => merovia, originator: merovia }).from,
    customs,
    'who passed it on passes on its recall',
  );
  t.equal(refused({ ...recall, kind: 'alert', agreements: [ended] }), 'agreement_ended', 'no other kind');

  const { terms, agreement } = permit;
  const release = { ...terms, agreement, iat: now };
  const parts = permit.released.map(({ part }) => part);
  const arrival = (change: Partial<Arrival> = {}): Arrival => ({
    release,
    claims: { kind: 'recall', handling, valid_until: now + day },
    parts,
    from: customs,
    to: licensing,
    agreements: [ended],
    tie,
    now,
    ...change,
  });
  const verdict = (change: Partial<Arrival>): string => {
    const answer = accept(arrival(change));
    return answer instanceof Refusal ? answer.rule : 'accepted';
  };
  t.equal(verdict({}), 'accepted');
  t.equal(verdict({ tie: undefined }), 'no_tie', 'nothing was ever given, and the agreement has ended');
  t.equal(verdict({ tie: undefined, agreements: [{ ...sign(), digest: ended.digest }] }), 'accepted', 'it may come before what it recalls');
  t.equal(verdict({ agreements: [] }), 'agreement_unknown');
  t.equal(verdict({ parts: [{ pointer: '/body/explanation', dataClass: 'P1' }] }), 'class_not_granted_to_us');
  t.equal(verdict({ now: now + 2 }), 'no_tie');
  const long = accept(arrival({ release: { ...release, retain_until: now + 9 * year } })) as Acceptance;
  t.equal(long.terms.retain_until, now + 30 * day + year, 'never longer than anything that was given');
});

t.test('one grant carries a release: the one that releases most, of equals the one that keeps shorter', async (t) => {
  const narrow = { ...grant, classes: ['N0' as const], retention_days: 999 };
  const shorter = { ...grant, retention_days: 7 };
  const terms = (...grants: Grant[]) => permitted({ agreements: [sign({ grants })] }).terms.retain_until - now;
  t.equal(terms(narrow, grant), 30 * day);
  t.equal(terms(grant, narrow), 30 * day);
  t.equal(terms(grant, shorter), 7 * day);
  t.equal(terms(shorter, grant), 7 * day);
  const split = permitted({
    agreements: [
      sign({
        grants: [
          { ...grant, classes: ['N0'] },
          { ...grant, classes: ['N1'] },
        ],
      }),
    ],
  });
  t.notOk(
    split.released.some(({ part }) => part.dataClass === 'N1') && split.released.some(({ part }) => part.dataClass === 'N0'),
    'grants are not added together',
  );
});

t.test('versions replace each other between those who signed both', async (t) => {
  const first = sign();
  const second = (signedBy: string[], change: Partial<Agreement> = {}) =>
    sign({ version: 2, supersedes: first.digest, ...change }, signedBy);
  const between = (...agreements: SignedAgreement[]) =>
    inForce(agreements, customs, licensing, now).map(({ agreement: { version } }) => version);
  t.same(between(first), [1]);
  t.same(between(first, second([customs, licensing])), [2]);
  t.same(between(second([customs, licensing]), first), [2], 'in any order');
  t.same(between(first, second([customs, merovia])), [1], 'not between those who have not signed it');
  t.same(between(first, second([customs, licensing], { effective: now + 5 })), [1], 'not before it takes effect');
  t.same(between(first, second([customs, licensing], { expires: now })), [], 'and for good');
  t.same(between(first, sign({ version: 2 })), [2], 'a later version of the same agreement needs no mention');
  t.same(between(first, sign({ id: 'other' })).length, 2, 'two agreements stand beside each other');
  t.equal(refused({ agreements: [first, second([customs, licensing], { expires: now })] }), 'agreement_replaced');
});

// the receiver's side

const arrival = (change: Partial<Arrival> = {}, release: Partial<Arrival['release']> = {}): Arrival => {
  const { terms, agreement: name, released } = permitted();
  return {
    release: { ...terms, iat: now, agreement: name, ...release },
    claims: { kind: 'alert', handling: question().handling, valid_until: now + day * 400 },
    parts: released.map(({ part }) => part),
    from: customs,
    to: licensing,
    agreements: [sign()],
    now: now + 60,
    ...change,
  };
};
const verdict = (change: Partial<Arrival> = {}, release: Partial<Arrival['release']> = {}): string => {
  const result = accept(arrival(change, release));
  return result instanceof Refusal ? result.code : 'accepted';
};

t.test('the receiver judges by the version that the release names', async (t) => {
  t.equal(verdict(), 'accepted');
  t.equal(verdict({ agreements: [] }), 'agreement_unknown');
  t.equal(verdict({}, { agreement: { ...arrival().release.agreement, version: 2 } }), 'agreement_unknown', 'right digest, wrong name');
  t.equal(verdict({ agreements: [sign({}, [customs])] }), 'agreement_not_in_force');
  t.equal(verdict({}, { iat: agreement.expires }), 'agreement_not_in_force');
  t.equal(verdict({}, { iat: agreement.effective - 1 }), 'agreement_not_in_force');
  const longer = { retain_until: now + 300 * day, iat: agreement.expires - 1 };
  t.equal(verdict({ now: agreement.expires + 23 * 3600 }, longer), 'accepted', 'under way when it ended');
  t.equal(verdict({ now: agreement.expires + 24 * 3600 }, longer), 'agreement_not_in_force', 'the grace is over');
  t.equal(
    verdict({ agreements: [sign(), sign({ version: 2, grants: [] })] }),
    'accepted',
    'a later version changes nothing for what was released before',
  );
});

t.test('DP-01 DP-07 the receiver checks sender, kind, purposes, markings, classes, time', async (t) => {
  t.equal(verdict({ from: licensing, to: customs }), 'sender_not_covered');
  t.equal(verdict({ agreements: [sign({ grants: [] })] }), 'sender_not_covered');
  t.equal(verdict({ claims: { kind: 'denial', handling, valid_until: now + day } }), 'kind_not_covered');
  t.equal(verdict({}, { purposes: ['LICENSING'] }), 'purpose_not_covered', 'the agreement covers it, the originator did not');
  t.equal(verdict({}, { purposes: [] }), 'purpose_not_covered');
  const marked = (change: Partial<Handling>) =>
    verdict({ claims: { kind: 'alert', handling: { ...question().handling, ...change }, valid_until: now + day } });
  t.equal(marked({ tlp: 'RED' }), 'handling_not_covered');
  t.equal(marked({ classification: { scheme: 'NL', level: 'SECRET' } }), 'handling_not_covered');
  t.equal(verdict({ parts: [{ pointer: '/body/x', dataClass: 'P1' }] }), 'class_not_covered');
  const all = [granting({ classes: [...dataClasses] })];
  t.equal(
    verdict({ parts: [{ pointer: '/body/x', dataClass: 'P2' }], agreements: all }),
    'class_not_covered',
    'never, whatever was agreed',
  );
  t.equal(verdict({ agreements: [granting({ classes: [] })], parts: [] }), 'class_not_covered');
  t.equal(verdict({ now: now + 30 * day }), 'expired');
  t.equal(verdict({ agreements: [sign({ grants: [{ ...grant, kinds: [] }, grant] })] }), 'accepted', 'one grant is enough');
  t.equal(
    verdict({
      agreements: [
        sign({
          grants: [
            { ...grant, purposes: [] },
            { ...grant, kinds: [] },
          ],
        }),
      ],
    }),
    'purpose_not_covered',
    'told what came closest',
  );
});

t.test('a sender may be stricter than the agreement, never laxer', async (t) => {
  const terms = (release: Partial<Arrival['release']>) => (accept(arrival({}, release)) as Acceptance).terms;
  t.equal(terms({ retain_until: now + 999 * day }).retain_until, now + 30 * day);
  t.equal(terms({ retain_until: now + day }).retain_until, now + day);
  t.equal(terms({ onward: 'named' }).onward, 'none');
  const lax = { ...grant, onward: 'originator_consent' as const, retention_days: 7 };
  for (const grants of [
    [lax, grant],
    [grant, lax],
  ]) {
    const kept = accept(arrival({ agreements: [sign({ grants })] })) as Acceptance;
    t.match(kept.terms, { onward: 'none', retain_until: now + 30 * day }, 'under the grant that the sender meant, whichever comes first');
  }
  t.equal(terms({ reply_by: now + 9 }).reply_by, now + 9);
});

// properties

const node = fc.constantFrom(customs, licensing, merovia);
const some = <T>(...values: T[]) => fc.subarray(values);
const anyGrant: fc.Arbitrary<Grant> = fc.record({
  from: some(customs, licensing, merovia),
  to: some(customs, licensing, merovia),
  kinds: some('alert', 'sighting'),
  classes: fc.subarray([...dataClasses]),
  purposes: some('CUSTOMS_CONTROL', 'LICENSING', 'PROSECUTION'),
  handling_ceiling: fc.record({ tlp: fc.constantFrom('GREEN', 'AMBER+STRICT', 'RED'), classification: fc.constantFrom('NONE', 'SECRET') }),
  retention_days: fc.nat(100),
  onward: fc.constantFrom('none', 'originator_consent', 'named'),
  release: fc.constantFrom('automatic', 'second_officer'),
});
const anyAgreement: fc.Arbitrary<SignedAgreement> = fc
  .record({
    version: fc.integer({ min: 1, max: 3 }),
    id: fc.constantFrom('A', 'B'),
    grants: fc.array(anyGrant, { maxLength: 3 }),
    effective: fc.integer({ min: now - 100, max: now + 20 }),
    expires: fc.integer({ min: now - 20, max: now + 100 }),
    signedBy: some(customs, licensing, merovia),
  })
  .map(({ signedBy, ...change }) => sign(change, signedBy));
const anyParts = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        '/body/title',
        '/body/goods',
        '/body/goods/0',
        '/body/goods/0/C1',
        '/body/parties',
        '/body/parties/0',
        '/body/parties/0/P1',
        '/rel/0',
      ),
      fc.constantFrom(...dataClasses),
    ),
    { maxLength: 8 },
  )
  .map((parts) => [...new Map(parts)].map(([pointer, dataClass]): Part => ({ pointer, dataClass })));
const anyQuestion = fc
  .record({
    agreements: fc.array(anyAgreement, { maxLength: 4 }).map((list) => list.map((signed, i) => ({ ...signed, digest: `agreement${i}` }))),
    parts: anyParts,
    from: node,
    to: node,
    kind: fc.constantFrom('alert', 'sighting'),
    rel: fc.array(fc.record({ type: fc.constantFrom('replies_to', 'recalls'), of: fc.constantFrom('x', 'y') }), { maxLength: 2 }),
    held: fc.boolean(),
    tlp: fc.constantFrom('CLEAR', 'AMBER', 'RED'),
  })
  .map(({ held, tlp, ...change }) => question({ ...change, relHeldBy: () => held, handling: { ...question().handling, tlp } }));

t.test('whatever is asked, what leaves is what a grant in force names, and nobody else gets it', async () => {
  fc.assert(
    fc.property(anyQuestion, (asked) => {
      const decision = decide(asked);
      if (decision instanceof Refusal) return decision.reason.length > 0 && decision.rule in rules;
      const signed = asked.agreements.find(
        ({ digest, agreement: { id, version } }) =>
          digest === decision.agreement.digest && id === decision.agreement.id && version === decision.agreement.version,
      )!;
      const covers = (g: Grant) =>
        g.from.includes(asked.from) &&
        g.to.includes(asked.to) &&
        g.kinds.includes(asked.kind) &&
        decision.terms.purposes.every((purpose) => g.purposes.includes(purpose)) &&
        decision.released.every(({ part }) => g.classes.includes(part.dataClass) && part.dataClass !== 'P2') &&
        decision.terms.retain_until === now + g.retention_days * day;
      const pointers = new Set(decision.released.map(({ part }) => part.pointer));
      const whole = decision.released.every(({ part }) =>
        asked.parts.every((outer) => !part.pointer.startsWith(`${outer.pointer}/`) || pointers.has(outer.pointer)),
      );
      const signedByBoth = signed.signedBy.includes(asked.from) && signed.signedBy.includes(asked.to);
      const inTime = signed.agreement.effective <= now && now < signed.agreement.expires;
      const complete = decision.released.length + decision.withheld.length === asked.parts.length;
      return (
        asked.to === decision.to &&
        signed.agreement.grants.some(covers) &&
        whole &&
        signedByBoth &&
        inTime &&
        complete &&
        decision.terms.purposes.length > 0
      );
    }),
    { numRuns: 3000 },
  );
});

t.test('what the sender permits the receiver accepts', async () => {
  fc.assert(
    fc.property(anyQuestion, (asked) => {
      const decision = decide(asked);
      if (decision instanceof Refusal) return true;
      const release = { ...decision.terms, iat: now, agreement: decision.agreement };
      const parts = decision.released.map(({ part }) => part);
      const { from, to, agreements, kind } = asked;
      return !(
        accept({
          release,
          parts,
          from,
          to,
          agreements,
          now,
          claims: { kind, handling: asked.handling, valid_until: asked.valid_until },
        }) instanceof Refusal
      );
    }),
    { numRuns: 2000 },
  );
});

t.test('nothing of one partner changes what another gets', async () => {
  fc.assert(
    fc.property(anyQuestion, fc.array(anyAgreement, { maxLength: 3 }), (asked, others) => {
      const foreign = others.map((other, i) => ({
        ...other,
        digest: `other${i}`,
        agreement: { ...other.agreement, id: `C${i}`, parties: [merovia, 'https://xx-cus.example'] },
      }));
      const strip = (decision: ReturnType<typeof decide>) => JSON.stringify(explain(decision));
      fc.pre(asked.to !== merovia && asked.from !== merovia);
      return strip(decide(asked)) === strip(decide({ ...asked, agreements: [...foreign, ...asked.agreements] }));
    }),
  );
});

t.test('LC-07 who is not competent for a kind neither sends it nor is it taken in from him', async (t) => {
  for (const agency_type of ['CUS', 'LIC', 'POL', undefined]) t.equal(refused({ agency_type }), 'permitted', String(agency_type));
  for (const agency_type of ['AUD', 'TRN', 'NOBODY']) {
    t.equal(refused({ agency_type }), 'not_competent', agency_type);
    const answer = accept({ ...arrival(), agency_type });
    t.equal(answer instanceof Refusal && answer.code, 'sender_not_competent', agency_type);
  }
});

t.test('one officer alone releases only what is IMMEDIATE, of a kind that a recall takes back, where the agency allows it', async (t) => {
  const rule = (change: Partial<Parameters<typeof refusalOfSingleRelease>[0]>) =>
    refusalOfSingleRelease({ kind: 'alert', urgency: 'IMMEDIATE', allowed: true, ...change })?.rule;
  t.equal(rule({}), undefined);
  t.equal(rule({ allowed: false }), 'single_release_off');
  for (const urgency of ['URGENT', 'immediate', undefined]) t.equal(rule({ urgency }), 'not_immediate', String(urgency));
  for (const kind of ['denial', 'freeze', 'operation', 'recall', 'consent']) t.equal(rule({ kind }), 'never_by_one', kind);
});

t.test('an officer can read why', async (t) => {
  const explained = explain(decide(question()));
  if (!explained.permitted) throw new Error(explained.reason);
  t.same(
    explained.parts.map(({ pointer }) => pointer),
    question()
      .parts.map(({ pointer }) => pointer)
      .sort(),
  );
  for (const { reason } of explained.parts) t.match(reason, /^[A-Z].*\.$/, 'a sentence');
  t.match(explain(decide(question({ agreements: [] }))), {
    permitted: false,
    code: 'no_agreement',
    reason: `There is no agreement between ${customs} and ${licensing}.`,
  });
  const facts = { from: customs, to: licensing, kind: 'alert', agreement, dataClass: 'C1', marking: 'RED' } as const;
  for (const [id, { words, code }] of Object.entries(rules)) {
    t.match(words(facts), /^\S.*\.$/, id);
    t.match(words({}), /^\S.*\.$/, `${id} without facts`);
    t.match(code, /^[a-z_]+$/);
  }
});

t.test('an agreement is read strictly', async (t) => {
  const bad = (what: string, change: (a: Record<string, unknown> & { grants: unknown[] }) => unknown, code = 'bad_agreement') => {
    const copy = JSON.parse(JSON.stringify(agreement));
    change(copy);
    t.throws(() => parseAgreement(copy), { code }, what);
  };
  t.same(parseAgreement(JSON.parse(JSON.stringify(agreement))), agreement);
  t.same(parseAgreement({ ...JSON.parse(JSON.stringify(agreement)), supersedes: 'A'.repeat(43) }).supersedes, 'A'.repeat(43));
  for (const name of Object.keys(agreement)) bad(`without ${name}`, (a) => delete a[name]);
  for (const name of Object.keys(grant))
    bad(`grant without ${name}`, ({ grants }) => delete (grants as Record<string, unknown>[])[0]![name]);
  bad('an unknown member could be a condition', (a) => Object.assign(a, { only_on: 'mondays' }));
  bad('in a grant too', ({ grants }) => Object.assign(grants[0] as object, { unless: 1 }));
  bad('one party', (a) => Object.assign(a, { parties: [customs], grants: [] }));
  bad('a party twice', (a) => Object.assign(a, { parties: [customs, customs], grants: [] }));
  bad('a party that is no entity', (a) => Object.assign(a, { parties: [customs, '*'] }));
  bad('version 0', (a) => Object.assign(a, { version: 0 }));
  bad('ends before it starts', (a) => Object.assign(a, { expires: agreement.effective }));
  bad('supersedes', (a) => Object.assign(a, { supersedes: 1 }));
  bad('a class that is none', ({ grants }) => Object.assign(grants[0] as object, { classes: ['X9'] }));
  bad('a marking that is none', ({ grants }) =>
    Object.assign(grants[0] as object, { handling_ceiling: { tlp: 'ALL', classification: 'NONE' } }),
  );
  bad('retention', ({ grants }) => Object.assign(grants[0] as object, { retention_days: -1 }));
  bad('grants to a stranger', ({ grants }) => Object.assign(grants[0] as object, { to: ['https://xx-cus.example'] }), 'unknown_party');
  bad('a grant that is null', (a) => Object.assign(a, { grants: [null] }));
  for (const value of [null, [], 'text', 1]) t.throws(() => parseAgreement(value), { code: 'bad_agreement' });
});
