/** Random agreements, and parties that stop them, go on with them or denounce them. */
import { agree, heldAgreement, takeStep } from '../agreement.js';
import { until } from '../until.js';
import { type Agreed, classes, markings, memberOf, purposes, type World } from './world.js';

const patience = 120;

/** Everybody may ask everybody for consent, and give it: otherwise nothing would ever be passed on. */
export async function agreeToTalk(world: World): Promise<void> {
  const all = world.members.map(({ agency }) => agency.id);
  const kinds = ['consent_request', 'consent'];
  await make(world, all, [{ from: all, to: all, kinds, classes: ['N0', 'N1'], purposes, tlp: 'AMBER+STRICT' }], 'none');
}

/** Between some of them, and with grants that cover anything from nothing to everything. */
export async function agreeAtRandom(world: World): Promise<void> {
  const { chance, members } = world;
  const ids = members.map(({ agency }) => agency.id);
  const first = chance.whole(ids.length);
  const parties = ids.filter((_, i) => i === first || i === (first + 1) % ids.length || chance.whole(2) === 0);
  const grants = Array.from({ length: 1 + chance.whole(3) }, () => ({
    from: chance.some(parties),
    to: chance.some(parties),
    kinds: chance.one([['alert'], ['alert', 'sighting'], ['sighting']]),
    classes: chance.some(classes),
    purposes: chance.some(purposes),
    tlp: chance.one(markings),
  }));
  await make(world, parties, grants, chance.one(['none', 'originator_consent', 'originator_consent']));
  world.done.agreed += 1;
}

async function make(world: World, parties: string[], grants: Agreed['grants'], onward: string): Promise<void> {
  const { chance, members, agreements } = world;
  const now = Math.floor(Date.now() / 1000);
  const id = `urn:entente:agreement:hunt-${agreements.length}`;
  await agree(members, {
    id,
    version: 1,
    title: 'Agreement of a hunt',
    instrument: 'MOU-HUNT',
    parties,
    effective: now - 60,
    expires: now + 86_400,
    grants: grants.map(({ tlp, ...grant }) => ({
      ...grant,
      handling_ceiling: { tlp, classification: 'NONE' },
      retention_days: 1 + chance.whole(90),
      onward,
      release: chance.one(['automatic', 'second_officer']),
    })),
    grace_hours: 1,
  });
  const { digest } = (await memberOf(world, parties[0]!).api.agreements()).find((agreement) => agreement.id === id)!;
  agreements.push({ digest, parties, grants, stopped: new Set(), denounced: new Set() });
}

/** One party suspends, resumes or denounces an agreement; the hunt goes on when every party knows. */
export async function stopOrResume(world: World): Promise<void> {
  const { chance, agreements } = world;
  const agreement = chance.one(agreements.slice(1)); // the talk goes on
  const party = chance.one(agreement.parties);
  if (agreement.denounced.has(party)) return;
  const step = agreement.stopped.has(party) ? chance.one(['resume', 'denounce'] as const) : chance.one(['suspend', 'denounce'] as const);
  await takeStep(memberOf(world, party), agreement.digest, step);
  if (step === 'denounce') agreement.denounced.add(party);
  else if (step === 'suspend') agreement.stopped.add(party);
  else agreement.stopped.delete(party);
  await Promise.all(agreement.parties.filter((other) => other !== party).map((other) => learns(world, agreement, party, other)));
  world.done.stopped += 1;
}

async function learns(world: World, { digest, stopped, denounced }: Agreed, party: string, other: string): Promise<void> {
  const of = (set: Set<string>) => set.has(party) || set.has(other);
  const expected = of(denounced) ? 'denounced' : of(stopped) ? 'suspended' : 'in_force';
  await until(
    `${other} to know that ${digest} is ${expected} with ${party}`,
    async () => {
      const held = await heldAgreement(memberOf(world, other), digest);
      return held?.standing.find((one) => one.party === party)?.state === expected ? true : undefined;
    },
    patience,
  );
}
