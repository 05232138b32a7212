/** Makes a random federation, lets it agree, tell, pass on and take back at random, and looks for everything that crossed a wire and had no business there. */
import type { AgencyPlan } from '../agency.js';
import { introduce, type Member, startFederation } from '../federation.js';
import { until } from '../until.js';
import { agreeAtRandom, agreeToTalk, stopOrResume } from './agreeing.js';
import { chanceOf } from './chance.js';
import { type Compared, compare, type Planted } from './compare.js';
import { passOn } from './passing-on.js';
import { recall } from './recalling.js';
import { tell } from './telling.js';
import type { World } from './world.js';

export interface HuntOptions {
  folder: string;
  seconds: number;
  seed: number;
  /** How many agencies; by chance where it is not said. */
  nodes?: number;
  /** The hunt goes on until there is something to plant. */
  plant?: readonly Planted[];
}

export interface Hunted extends Compared {
  seed: number;
  nodes: number;
  /** How often they agreed, stopped or resumed, told, asked for consent, passed on, recalled. */
  acts: World['done'];
}

const settings = {
  checkpoint_interval_seconds: 2,
  merge_delay_seconds: 60,
  long_poll_seconds: 20,
  clock_interval_seconds: 1,
  log_level: 'warn',
};

/** How often each act is drawn. */
const acts = [tell, tell, tell, tell, passOn, passOn, passOn, agreeAtRandom, stopOrResume, recall];

export async function hunt(options: HuntOptions): Promise<Hunted> {
  const chance = chanceOf(options.seed);
  const nodes = options.nodes ?? chance.one([3, 3, 3, 4, 5, 6, 7, 8]);
  const { seed, folder, plant = [] } = options;
  await using federation = await startFederation({ folder, plans: plansFor(nodes), settings });
  const { members } = federation;
  await introduce(members);
  const done = { agreed: 0, stopped: 0, told: 0, asked: 0, relayed: 0, recalled: 0 };
  const world: World = { chance, members, agreements: [], alerts: [], talk: [], done, shown: [] };
  await agreeToTalk(world);
  for (let i = 0; i < nodes; i++) await agreeAtRandom(world);
  const end = performance.now() + options.seconds * 1000;
  do await chance.one(acts)(world);
  while (performance.now() < end || (plant.includes('passed_on') && done.relayed === 0));
  await settled(members);
  return { seed, nodes, acts: done, ...(await compare(world, plant)) };
}

const plansFor = (count: number): AgencyPlan[] =>
  ['nl-cus', 'de-lic', 'qm-cus', 'fr-cus', 'it-cus', 'pl-cus', 'se-cus', 'pt-cus'].slice(0, count).map((name) => ({
    name,
    id: `https://${name}.example`,
    title: `Agency ${name} (invented)`,
    country: name.slice(0, 2).toUpperCase(),
    type: name.endsWith('lic') ? 'LIC' : 'CUS',
  }));

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
