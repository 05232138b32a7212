/** Four agencies under continuous load while machines die, lines break, disks are lost and rules change; in the end everything must be where it belongs. */
import { join } from 'node:path';
import { type Server, startServer } from '@entente/postgres';
import { agree } from '../agreement.js';
import { arrangement } from '../arrangement.js';
import { type Federation, introduce, startFederation } from '../federation.js';
import { type Backups, backupsIn } from './backups.js';
import { faultsOf } from './faults.js';
import { startOfficers } from './officers.js';
import { plans } from './plans.js';
import { postmaster } from './postmaster.js';
import { randomOf } from './random.js';
import { type Reckoning, reckon } from './reckoning.js';
import { type RoughLine, roughLine } from './rough-line.js';
import type { Storm, Toll } from './storm.js';

export interface ChaosResult extends Toll, Reckoning {
  seed: number;
  posted: number;
  acknowledged: number;
  /** What this run did not try, and what this machine does not let anybody try, with the reason. */
  not_tried: string[];
  held: boolean;
}

/** Short times, as a storm is short; the officers are many and one machine. */
const settings = {
  checkpoint_interval_seconds: 2,
  merge_delay_seconds: 2,
  long_poll_seconds: 20,
  limits: { requests_per_minute: 100_000, officer_requests_per_minute: 100_000 },
};

const FIRST_EPOCH = 1;

export async function chaos(options: {
  folder: string;
  seconds: number;
  seed: number;
  tell: (text: string) => void;
}): Promise<ChaosResult> {
  const { folder, seconds, seed, tell } = options;
  tell(`Starting four agencies; seed ${seed} ...`);
  const rough = new Map<string, RoughLine>();
  const wire = async ({ name }: { name: string }, ports: { wire: number; federation: number }) => {
    const line = await roughLine({ at: ports.wire, node: ports.federation });
    rough.set(name, line);
    return line;
  };
  const federation = await startFederation({ folder, plans, settings, wire });
  // A database that was killed is recovered by whoever starts it next; this storm then holds it, too, and lets go of it at the end.
  const recovered: Server[] = [];
  try {
    const agreement = arrangement(federation.members.map(({ agency }) => agency.id));
    await introduce(federation.members);
    await agree(federation.members, agreement);
    const backups = await backupsIn(join(folder, 'backups'), federation);
    const storm = stormOver(federation, seed, { rough, backups }, async (dir = federation.postgres.dir) => {
      const server = await startServer({ dir });
      recovered.push(server);
      return server;
    });
    const { officers, toll } = storm;
    const faults = faultsOf(storm, agreement);
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) tell(await faults.strike());
    tell('The storm is over; everything that was begun is brought to its end ...');
    await officers.rest();
    const reckoning = await reckon(storm);
    const acknowledged = [...officers.acknowledged.values()].reduce((total, digests) => total + digests.length, 0);
    const { lost, doubled, gaps, forks, still_used, logs_verified, findings } = reckoning;
    const nothingWrong = lost + doubled + gaps + forks + still_used + findings.length === 0;
    const held = nothingWrong && logs_verified === federation.members.length;
    return { seed, ...toll, posted: officers.posted, acknowledged, ...reckoning, not_tried: faults.notTried(), held };
  } finally {
    for (const server of recovered) await server.stop();
    await federation.stop();
  }
}

function stormOver(
  federation: Federation,
  seed: number,
  { rough, backups }: { rough: Map<string, RoughLine>; backups: Backups },
  recover: Storm['recover'],
): Storm {
  const random = randomOf(seed);
  const toll: Toll = { kills: 0, cuts: 0, clocks: 0, restores: 0, fail_overs: 0, rolled: 0, agreements: 0, recalls: 0, full: 0 };
  return {
    federation,
    random,
    officers: startOfficers(federation.members, random),
    toll,
    epochs: new Map(federation.members.map(({ agency }) => [agency.name, [FIRST_EPOCH]])),
    recalled: new Map(),
    backups,
    line: ({ agency }) => rough.get(agency.name)!,
    kill: async () => {
      process.kill(await postmaster(federation.postgres.dir), 'SIGKILL');
      toll.kills += 1;
    },
    recover,
  };
}
