import t from 'tap';
import { isWithinDenounced } from '../src/denunciation.js';
import {
  type Agreement,
  type AgreementAct,
  type AgreementStep,
  inForce,
  isDenounced,
  nextSeq,
  obstacleTo,
  obstacleWords,
  type SignedAgreement,
  standing,
} from '../src/index.js';

const [customs, licensing, merovia] = ['https://nl-cus.example', 'https://de-lic.example', 'https://qm-cus.example'] as [
  string,
  string,
  string,
];
const now = 1_772_442_000;
const agreement: Agreement = {
  id: 'urn:demo',
  version: 1,
  title: 'Demo',
  instrument: 'MOU-DEMO',
  parties: [customs, licensing, merovia],
  effective: now - 10,
  expires: now + 1000,
  grants: [],
  grace_hours: 2,
};
const signed = (signedBy: string[], acts: AgreementAct[] = [], change: Partial<Agreement> = {}): SignedAgreement => ({
  digest: Buffer.from(JSON.stringify(change)).toString('base64url').padEnd(43, 'A').slice(-43),
  agreement: { ...agreement, ...change },
  signedBy,
  acts,
});
const act = (party: string, seq: number, what: AgreementAct['act'], heldAt = now): AgreementAct => ({
  party,
  act: what,
  seq,
  digest: `${what} ${seq} ${party}`,
  heldAt,
});
const both = [customs, licensing];
const stateOf = (one: SignedAgreement, ...others: SignedAgreement[]) => standing(one, [one, ...others], [customs, licensing], now);

t.test('LC-08 it is in force between two nodes when both have signed it, neither has stopped it, and it is in time', async (t) => {
  t.match(stateOf(signed([])), { state: 'drafted' });
  t.match(stateOf(signed([customs])), { state: 'proposed', by: licensing, reason: /silence is no consent/ });
  t.match(stateOf(signed([customs, merovia])), { state: 'proposed', by: licensing }, 'a third signature is none of theirs');
  t.match(stateOf(signed(both)), { state: 'in_force' });
  t.match(stateOf(signed(both, [], { effective: now + 1 })), { state: 'agreed' });
  t.match(stateOf(signed(both, [], { expires: now })), { state: 'expired' });
  t.match(stateOf(signed(both, [act(licensing, 1, 'suspended')])), { state: 'suspended', by: licensing });
  t.match(stateOf(signed(both, [act(merovia, 1, 'suspended')])), { state: 'in_force' }, 'what a third party stops is not theirs');
  t.match(stateOf(signed(both, [act(licensing, 1, 'suspended'), act(licensing, 2, 'resumed')])), { state: 'in_force' });
  t.match(
    stateOf(signed(both, [act(licensing, 2, 'resumed'), act(licensing, 1, 'suspended')])),
    { state: 'in_force' },
    'by number, in any order',
  );
  t.match(stateOf(signed(both, [act(customs, 1, 'denounced')], { expires: now })), { state: 'denounced', by: customs });
  const second = (signedBy: string[]) => signed(signedBy, [], { version: 2 });
  t.match(stateOf(signed(both), second(both)), { state: 'replaced', reason: /Version 2/ });
  t.match(stateOf(signed(both), second([customs, merovia])), { state: 'in_force' }, 'not by what one of them has not signed');
  t.same(inForce([signed(both, [act(customs, 1, 'denounced')])], customs, licensing, now), []);
});

t.test('LC-06 whoever wants out gets out, once and for good; nobody acts for another or without having signed', async (t) => {
  const asked = (step: AgreementStep, one: SignedAgreement, party = customs, all = [one]) => obstacleTo(step, one, { party, all, now });
  t.equal(asked('propose', signed([])), undefined);
  t.equal(asked('propose', signed([]), 'https://nobody.example'), 'no_party');
  t.equal(asked('propose', signed([licensing])), 'not_a_draft');
  t.equal(asked('countersign', signed([licensing])), undefined);
  t.equal(asked('countersign', signed([])), 'nobody_proposed');
  t.equal(asked('countersign', signed(both)), 'signed_already');
  t.equal(asked('countersign', signed([licensing], [], { expires: now })), 'over');
  t.equal(asked('countersign', signed([licensing], [], { supersedes: 'B'.repeat(43) })), 'unknown_predecessor');
  const other = signed([customs], [], { title: 'The same version with another text' });
  t.equal(asked('countersign', signed([licensing]), customs, [signed([licensing]), other]), 'version_taken');
  for (const step of ['suspend', 'resume', 'denounce'] as const) t.equal(asked(step, signed([licensing])), 'not_signed');
  t.equal(asked('suspend', signed(both)), undefined);
  t.equal(asked('suspend', signed(both, [act(customs, 1, 'suspended')])), 'suspended_already');
  t.equal(asked('resume', signed(both)), 'not_suspended');
  t.equal(asked('resume', signed(both, [act(licensing, 1, 'suspended')])), 'not_suspended', 'only who suspended resumes');
  t.equal(asked('denounce', signed(both, [act(customs, 1, 'suspended')], { expires: now })), undefined, 'also when its time is over');
  for (const step of ['suspend', 'resume', 'denounce'] as const)
    t.equal(asked(step, signed(both, [act(customs, 1, 'denounced')])), 'denounced');
  t.match(obstacleWords('denounced'), /final/);
  t.equal(nextSeq(signed(both, [act(customs, 4, 'suspended'), act(licensing, 9, 'suspended')]), customs), 5);
});

t.test(
  'after a denunciation what was given up to the last positions still counts; without an answer, what comes within the days of grace',
  async (t) => {
    const denunciation = act(customs, 1, 'denounced');
    const answered = (by: string, to: string): SignedAgreement => ({
      ...signed(both, [denunciation]),
      answers: [{ denunciation: denunciation.digest, by, to, sent: { epoch: 1, position: 5 }, received: { epoch: 1, position: 3 } }],
    });
    const within = (one: SignedAgreement, from: string, position: number | undefined, epoch = 1, at = now) => {
      const to = from === customs ? licensing : customs;
      return isWithinDenounced(one, { from, to, place: position === undefined ? undefined : { epoch, position }, now: at });
    };
    const one = answered(licensing, customs);
    t.same(
      [5, 6].map((position) => within(one, licensing, position)),
      [true, false],
      'on the feed of the one who answered: sent',
    );
    t.same(
      [3, 4].map((position) => within(one, customs, position)),
      [true, false],
      'on the feed of the one who denounced: received',
    );
    t.equal(within(one, licensing, 1, 2), false, 'a later epoch comes after');
    t.equal(within(one, licensing, undefined), false, 'what no page places is not up to anything');
    const silent = signed(both, [denunciation]);
    t.equal(within(silent, licensing, undefined, 1, now + 7199), true);
    t.equal(within(silent, licensing, 1, 1, now + 7200), false);
    t.equal(within(answered(merovia, customs), licensing, 1, 1, now + 7200), false, 'the answer of a third party is none of theirs');
    t.equal(within(signed(both), licensing, undefined), true, 'nothing was denounced');
    t.same(
      [customs, 'https://nobody.example'].map((node) => isDenounced(silent, node)),
      [true, false],
    );
  },
);
