/** Four agencies under continuous load while machines die, lines break and clocks go wrong; in the end everything must be where it belongs. */
import { agree } from '../agreement.js';
import { arrangement } from '../arrangement.js';
import { introduce, startFederation } from '../federation.js';
import { faultsOf, type Toll } from './faults.js';
import { startOfficers } from './officers.js';
import { plans } from './plans.js';
import { randomOf } from './random.js';
import { type Reckoning, reckon } from './reckoning.js';

export interface ChaosResult extends Toll, Reckoning {
  seed: number;
  posted: number;
  acknowledged: number;
  /** What this run did not try. */
  not_tried: string[];
  held: boolean;
}

/** Short times, as a storm is short; the officers are many and one machine. */
const settings = {
  checkpoint_interval_seconds: 2,
  merge_delay_seconds: 2,
  long_poll_seconds: 20,
  limits: { requests_per_minute: 100_000 },
};

const notTried = [
  'a peer restored from an old backup',
  'storage that is exhausted',
  'keys and certificates rolled over',
  'agreements changed',
  'statements recalled',
];

export async function chaos(options: {
  folder: string;
  seconds: number;
  seed: number;
  tell: (text: string) => void;
}): Promise<ChaosResult> {
  const { folder, seconds, seed, tell } = options;
  const random = randomOf(seed);
  tell(`Starting four agencies; seed ${seed} ...`);
  const federation = await startFederation({ folder, plans, settings });
  try {
    const { members } = federation;
    await introduce(members);
    await agree(members, arrangement(members.map(({ agency }) => agency.id)));
    await using faults = faultsOf(federation, random);
    const officers = startOfficers(members, random);
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) tell(await faults.strike());
    tell('The storm is over; everything that was begun is brought to its end ...');
    await officers.rest();
    const reckoning = await reckon(members, officers);
    const acknowledged = [...officers.acknowledged.values()].reduce((total, digests) => total + digests.length, 0);
    const { lost, doubled, gaps, forks, logs_verified } = reckoning;
    const held = lost + doubled + gaps + forks === 0 && logs_verified === members.length && reckoning.findings.length === 0;
    return { seed, ...faults.toll, posted: officers.posted, acknowledged, ...reckoning, not_tried: notTried, held };
  } finally {
    await federation.stop();
  }
}
