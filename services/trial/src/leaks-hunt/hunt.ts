/** Makes a random federation, lets it agree and tell at random, and looks for everything that crossed a wire and had no business there. */
import { codeList } from '@entente/statement';
import type { AgencyPlan } from '../agency.js';
import { agree } from '../agreement.js';
import { introduce, type Member, startFederation } from '../federation.js';
import { readable } from '../leaks.js';
import { until } from '../until.js';
import { type Chance, chanceOf } from './chance.js';
import { type Grant, mayCross, type Told } from './oracle.js';
import { alertWith } from './statement.js';

export interface HuntOptions {
  folder: string;
  seconds: number;
  seed: number;
  /** How many agencies; by chance where it is not said. */
  nodes?: number;
  /** Forbids one value that was rightly sent, as if it had leaked: the hunt must find it. */
  plant?: boolean;
}

export interface Hunted {
  seed: number;
  nodes: number;
  statements: number;
  /** Values held against each wire. */
  cases: number;
  /** Values that rightly crossed: a hunt in which nothing crosses finds nothing. */
  crossed: number;
  bytes_checked: number;
  leaks: { from: string; to: string; value: string }[];
}

const classes = ['N0', 'N1', 'C1', 'P1'];
const purposes = ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION', 'LICENSING'];
const markings = ['GREEN', 'AMBER', 'AMBER+STRICT'];

export async function hunt(options: HuntOptions): Promise<Hunted> {
  const chance = chanceOf(options.seed);
  const nodes = options.nodes ?? chance.one([3, 3, 3, 4, 5, 8]);
  const settings = { checkpoint_interval_seconds: 2, merge_delay_seconds: 60, long_poll_seconds: 20, log_level: 'warn' };
  await using federation = await startFederation({ folder: options.folder, plans: plansFor(nodes), settings });
  const { members } = federation;
  await introduce(members);
  const end = performance.now() + options.seconds * 1000;
  const grants: Grant[] = [];
  const told: Told[] = [];
  do {
    if (grants.length === 0 || chance.whole(4) === 0) grants.push(...(await agreement(members, chance, grants.length)));
    told.push(await tell(members, chance, told.length + 1, [...grants]));
  } while (performance.now() < end);
  await settled(members);
  return { seed: options.seed, nodes, statements: told.length, ...(await compare(members, told, options.plant === true)) };
}

const plansFor = (count: number): AgencyPlan[] =>
  ['nl-cus', 'de-lic', 'qm-cus', 'fr-cus', 'it-cus', 'pl-cus', 'se-cus', 'pt-cus'].slice(0, count).map((name) => ({
    name,
    id: `https://${name}.example`,
    title: `Agency ${name} (invented)`,
    country: name.slice(0, 2).toUpperCase(),
    type: name.endsWith('lic') ? 'LIC' : 'CUS',
  }));

/** Between some of them, and with grants that cover anything from nothing to everything. */
async function agreement(members: Member[], chance: Chance, serial: number): Promise<Grant[]> {
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
  const now = Math.floor(Date.now() / 1000);
  await agree(members, {
    id: `urn:entente:agreement:hunt-${serial}`,
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
      onward: chance.one(['none', 'originator_consent']),
      release: chance.one(['automatic', 'second_officer']),
    })),
    grace_hours: 1,
  });
  return grants;
}

/** One officer tells, where need be a second one releases; that no rule lets it go to anybody is an answer too. */
async function tell(members: Member[], chance: Chance, serial: number, grants: Grant[]): Promise<Told> {
  const sender = chance.one(members);
  const others = members.filter((member) => member !== sender).map(({ agency }) => agency.id);
  const named = chance.some(others);
  const addressees = named.length > 0 ? named : [chance.one(others)];
  const tlp = chance.one(markings);
  const given = chance.some(purposes);
  const wanted = given.length > 0 ? given : ['CUSTOMS_CONTROL'];
  const { input, canaries } = alertWith(serial, tlp, wanted);
  const why = { purpose: wanted[0]!, justification: 'A hunt for leaks releases a statement' };
  try {
    const posted = await sender.api.post({ statement: input as never, addressees }, `hunt-${serial}-key`);
    const checklist = codeList('release-checklist').codes.map(({ code }) => code);
    if ('draft' in posted) await sender.api.release(posted.draft, { checklist: checklist as never, reason: 'A hunt for leaks' }, why);
  } catch (error) {
    if ((error as { code?: string }).code !== 'nothing_released') throw error;
  }
  return { from: sender.agency.id, addressees, kind: 'alert', tlp, purposes: wanted, canaries, grants };
}

/** Everything that waits has been fetched and answered. */
async function settled(members: Member[]): Promise<void> {
  for (const { api, agency } of members) {
    await until(
      `all feeds of ${agency.name} to be empty`,
      async () =>
        (await api.administrator.GET('/v1/feeds')).data!.items.every(({ outgoing }) => outgoing.queued === 0) ? true : undefined,
      120,
    );
  }
}

async function compare(
  members: Member[],
  told: readonly Told[],
  plant: boolean,
): Promise<Pick<Hunted, 'cases' | 'crossed' | 'bytes_checked' | 'leaks'>> {
  const found: Pick<Hunted, 'cases' | 'crossed' | 'bytes_checked' | 'leaks'> = { cases: 0, crossed: 0, bytes_checked: 0, leaks: [] };
  let planted = plant;
  for (const from of members) {
    for (const to of members) {
      if (from === to) continue;
      // Both connections between the two: the one on which `from` answers, and the one on which it asks.
      const wire = (await from.wire.sentTo(to.agency.name)) + (await to.wire.receivedFrom(from.agency.name));
      found.bytes_checked += Buffer.byteLength(wire);
      const text = readable(wire);
      for (const statement of told) {
        for (const canary of statement.canaries) {
          found.cases += 1;
          if (!text.includes(canary.value)) continue;
          const allowed = mayCross(statement, canary, from.agency.id, to.agency.id);
          if (allowed && !planted) {
            found.crossed += 1;
            continue;
          }
          planted = planted && !allowed;
          found.leaks.push({ from: from.agency.name, to: to.agency.name, value: canary.value });
        }
      }
    }
  }
  return found;
}
