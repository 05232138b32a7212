import { type Handling, kinds, partsOf, type StatementInput } from '@entente/statement';
import t from 'tap';
import {
  type Agreement,
  accept,
  type ConsentStatement,
  decide,
  decideRelay,
  laxerThanInputs,
  OnwardConsent,
  Permit,
  type Question,
  Refusal,
  readConsent,
} from '../src/index.js';
import { onwardOfHandling } from '../src/terms.js';

const [originator, holder, recipient] = ['https://nl-cus.example', 'https://de-lic.example', 'https://qm-cus.example'];
const now = 1_772_442_000;
const day = 86_400;
const time = (at: number) => new Date(at * 1000).toISOString();
const alert = kinds.get('alert')!;
const target = 'T'.repeat(43);
const { handling, legal_basis, body } = alert.example;
const parts = partsOf(alert, body);

const grant = {
  from: [holder],
  to: [recipient],
  kinds: ['alert'],
  classes: ['N0' as const, 'N1' as const, 'C1' as const],
  purposes: handling.purposes,
  handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'RESTRICTED' },
  retention_days: 30,
  onward: 'originator_consent' as const,
  release: 'automatic' as const,
};
const agreement: Agreement = {
  id: 'DE-QM-2026',
  version: 1,
  title: 'Exchange',
  instrument: 'CMAA',
  parties: [holder, recipient],
  effective: now - day,
  expires: now + 100 * day,
  grants: [grant],
  grace_hours: 24,
};
const agreements = [{ digest: 'A'.repeat(43), agreement, signedBy: [holder, recipient] }];
const question: Question = {
  kind: 'alert',
  parts,
  handling,
  legal_basis,
  exercise: true,
  valid_until: now + 30 * day,
  from: holder,
  to: recipient,
  agreements,
  now,
};

const facts = { originator, target, exercise: true, external: false, holder, to: recipient, at: now };
const scope = {
  fields: ['/body/title', '/body/goods'],
  classes: ['N0', 'C1'],
  purposes: [handling.purposes[0]!],
  until: time(now + day),
  retain_until: time(now + 10 * day),
};
const given: ConsentStatement = {
  digest: 'C'.repeat(43),
  claims: { iss: originator, kind: 'consent', exercise: true, valid_from: now - day, valid_until: now + 2 * day },
  rel: [{ type: 'consents_to', of: target }],
  body: { consent_kind: 'ONWARD_TRANSFER', decision: 'GRANTED', holder, to_whom: [{ id: 'R1', node: recipient }], scope },
};
const consent = (change: Partial<ConsentStatement> = {}): OnwardConsent => {
  const read = readConsent({ ...given, ...change }, facts);
  if (read instanceof Refusal) throw new Error(read.rule);
  return read;
};

t.test('OC-01 a permit to pass on takes a consent of the originator; silence has no value of that type', async (t) => {
  const permit = decideRelay(question, consent());
  t.ok(permit instanceof Permit && permit.consent instanceof OnwardConsent);
  // @ts-expect-error nothing stands for a consent that was not given
  t.throws(() => decideRelay(question, undefined));
  // @ts-expect-error a consent cannot be written by hand
  const forged: OnwardConsent = { ...given, originator, target, holder, to: recipient, purposes: [], retainUntil: now };
  t.notOk(forged instanceof OnwardConsent);
});

t.test('OC-01 only what the consent names is passed on, for its purposes and no longer than it says', async (t) => {
  const permit = decideRelay({ ...question, held_back: ['/body/title'] }, consent()) as Permit;
  t.ok(permit.released.length > 0);
  for (const { part } of permit.released) {
    t.match(part.pointer, /^\/body\/goods/);
    t.ok(['N0', 'C1'].includes(part.dataClass));
  }
  t.same(permit.terms.purposes, scope.purposes);
  t.equal(permit.terms.retain_until, now + 10 * day, 'ten days of the consent, thirty of the agreement');
  const rules = new Set(permit.withheld.map(({ rule }) => rule));
  t.ok(rules.has('outside_consent') && rules.has('held_back'));
  const whole = decideRelay(
    question,
    consent({ body: { ...given.body, scope: { ...scope, retain_until: time(now + 90 * day) } } }),
  ) as Permit;
  t.equal(whole.terms.retain_until, now + 30 * day);
});

t.test('F27 what is not a consent to this relay is none', async (t) => {
  const rule = (change: Partial<ConsentStatement>, at: Partial<typeof facts> = {}) => {
    const read = readConsent({ ...given, ...change }, { ...facts, ...at });
    return read instanceof Refusal ? [read.rule, read.code] : 'consent';
  };
  const withBody = (change: Record<string, unknown>) => ({ body: { ...given.body, ...change } as ConsentStatement['body'] });
  const none = (name: string) => [name, 'no_onward_consent'];
  t.same(rule(withBody({ decision: 'REFUSED' })), none('consent_not_granted'));
  t.same(rule(withBody({ decision: 'WITHDRAWN' })), none('consent_withdrawn'));
  t.same(rule(withBody({ decision: 'NO_REPLY' })), none('consent_not_granted'), 'silence');
  t.same(rule(withBody({ consent_kind: 'PUBLICATION' })), none('consent_not_granted'));
  t.same(rule({ claims: { ...given.claims, iss: holder } }), none('consent_of_another'));
  t.same(rule({ claims: { ...given.claims, kind: 'alert' } }), none('consent_of_another'));
  t.same(rule({ claims: { ...given.claims, exercise: false } }), none('consent_of_another'));
  t.same(rule({ rel: [] }), none('consent_of_another'));
  t.same(rule({ rel: [{ type: 'replies_to', of: target }] }), none('consent_of_another'));
  t.same(rule(withBody({ holder: recipient })), none('consent_to_others'));
  t.same(rule(withBody({ to_whom: [] })), none('consent_to_others'));
  t.same(rule({}, { to: 'https://tv-cus.example' }), none('consent_to_others'));
  t.same(rule({}, { at: now + day }), none('consent_over'));
  t.same(rule({}, { at: now - 2 * day }), none('consent_over'));
  for (const member of Object.keys(given.body)) t.not(rule(withBody({ [member]: undefined })), 'consent', `${member} withheld`);
  for (const member of Object.keys(scope))
    t.same(rule(withBody({ scope: { ...scope, [member]: undefined } })), none('consent_not_granted'));
});

t.test('OC-06 what came from outside the federation takes a consent from outside, too', async (t) => {
  const rule = (body: object) => {
    const read = readConsent({ ...given, body: { ...given.body, ...body } }, { ...facts, external: true });
    return read instanceof Refusal ? [read.rule, read.code] : 'consent';
  };
  t.same(rule({}), ['consent_not_from_outside', 'no_onward_consent'], 'its holder cannot speak for them');
  t.equal(rule({ external_consent: 'Letter of 3 March 2031' }), 'consent');
  const free: Handling = { ...handling, tlp: 'GREEN', handling_codes: ['H3'], orcon: false, onward: { mode: 'NAMED' } };
  t.equal(onwardOfHandling(free), 'named');
  t.equal(onwardOfHandling({ ...free, external_originator: true }), 'originator_consent', 'nobody passes it on without asking');
  const input = { digest: target, handling: { ...handling, external_originator: true } };
  t.match(
    laxerThanInputs(handling, [input]),
    [{ pointer: '/handling/external_originator', least: 'true' }],
    'OC-02 what is made of it says so',
  );
  t.same(laxerThanInputs(input.handling, [input]), []);
});

t.test('what was given on terms that forbid it is not passed on, whatever consent there is', async (t) => {
  for (const change of [{ onward: { mode: 'NONE' } }, { tlp: 'RED' }]) {
    t.match(decideRelay({ ...question, handling: { ...handling, ...change } }, consent()), { rule: 'onward_forbidden' });
  }
  t.match(decideRelay({ ...question, to: 'https://tv-cus.example' }, consent()), { rule: 'consent_to_others' });
  t.match(decideRelay({ ...question, agreements: [] }, consent()), { code: 'no_agreement' }, 'a consent is no agreement');
});

t.test('the recipient judges the relay by the same consent', async (t) => {
  const permit = decideRelay(question, consent()) as Permit;
  const arrival = {
    release: { ...permit.terms, iat: now, agreement: permit.agreement },
    claims: { kind: 'alert', handling, valid_until: now + 86_400 },
    parts: permit.released.map(({ part }) => part),
    from: holder,
    to: recipient,
    agreements,
    now,
    consent: consent(),
  };
  t.match(accept(arrival), { terms: { retain_until: now + 10 * day } });
  t.match(accept({ ...arrival, release: { ...arrival.release, retain_until: now + 20 * day } }), {
    terms: { retain_until: now + 10 * day },
  });
  t.match(accept({ ...arrival, parts }), { rule: 'beyond_consent', code: 'no_onward_consent' });
  t.match(accept({ ...arrival, release: { ...arrival.release, purposes: handling.purposes } }), { rule: 'beyond_consent' });
});

t.test('OC-02 what is made of information of others goes to their partners only with their consent', async (t) => {
  const input = { originator, consent: undefined };
  t.match(decide({ ...question, inputs: [input] }), { rule: 'input_without_consent', code: 'no_onward_consent' });
  t.ok(decide({ ...question, inputs: [{ originator: recipient, consent: undefined }] }) instanceof Permit, 'its own originator knows it');
  t.ok(decide({ ...question, inputs: [{ originator, consent: consent() }] }) instanceof Permit);
  t.ok(decide({ ...question, inputs: [] }) instanceof Permit, 'made of own statements');
});

t.test('OC-02 a derived statement is nowhere laxer than its inputs', async (t) => {
  const input = { digest: target, handling };
  const laxer = (change: Partial<StatementInput['handling']>, of = handling) =>
    laxerThanInputs({ ...handling, ...change }, [{ ...input, handling: of }]).map(({ pointer }) => pointer);
  t.same(laxer({}), []);
  t.same(laxer({ tlp: 'RED', orcon: true, handling_codes: ['H0', 'H1', 'H2', 'H3'] }), [], 'stricter');
  t.same(laxer({ tlp: 'GREEN' }), ['/handling/tlp']);
  t.same(laxer({ handling_codes: [] }), ['/handling/handling_codes']);
  t.same(laxer({ orcon: false }), ['/handling/orcon']);
  t.same(laxer({ onward: { mode: 'NAMED' } }), ['/handling/onward/mode']);
  t.same(laxer({ purposes: [...handling.purposes, 'STATISTICS'] }), ['/handling/purposes']);
  t.same(laxer({ use_in_proceedings: 'PERMITTED' }), ['/handling/use_in_proceedings']);
  t.same(laxer({ disclosure_to_subject: 'PERMITTED' }), ['/handling/disclosure_to_subject']);
  t.same(laxer({ disclosure_to_private_sector: 'PERMITTED' }), ['/handling/disclosure_to_private_sector']);
  t.same(laxer({}, { ...handling, death_penalty_assurance: 'REQUIRED' }), ['/handling/death_penalty_assurance']);
  const secret = { ...handling, classification: { ...handling.classification, level: 'SECRET' } };
  t.same(laxer({}, secret), ['/handling/classification/level']);
  t.same(laxer({}, { ...handling, tlp: 'PURPLE' }), ['/handling/tlp'], 'a code that we do not know is kept to only by itself');
  const inputs = [input, { digest: 'U'.repeat(43), handling: secret }];
  t.same(laxerThanInputs(handling, inputs), [{ pointer: '/handling/classification/level', input: 'U'.repeat(43), least: 'SECRET' }]);
});
