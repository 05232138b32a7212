/** What a hostile partner costs the healthy ones: the same exchange in turn without it and under all that it can do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { AgencyPlan } from '../agency.js';
import { agree } from '../agreement.js';
import { arrangement, heldByAll, post, sighting } from '../arrangement.js';
import { residentMegabytes } from '../bench/memory.js';
import { median } from '../bench/spread.js';
import { introduce, type Member, startFederation } from '../federation.js';
import type { Target } from './attacks.js';

export interface SiegeResult {
  /** Rate under attack as a share of the rate without it; the median of the rounds. */
  ratio: number;
  rounds: number[];
  /** Statements per second from an officer's post to the partner's receipt. */
  quiet_per_second: number;
  attacked_per_second: number;
  /** What the hostile partner tried, by attack, over all rounds. */
  tried: Record<string, number>;
  /** Of the node that was attacked: before the first attack, and the largest that was seen. 10^6 bytes. */
  memory_before_mb: number;
  memory_largest_mb: number;
}

const plans: AgencyPlan[] = [
  { name: 'qm-cus', id: 'https://qm-cus.example', title: 'Customs of Merovia (invented)', country: 'QM', type: 'CUS' },
  { name: 'qn-lic', id: 'https://qn-lic.example', title: 'Export licensing of Noravia (invented)', country: 'QN', type: 'LIC' },
  { name: 'qx-bad', id: 'https://qx-bad.example', title: 'An agency that keeps to no rule (invented)', country: 'QX', type: 'CUS' },
];
const settings = { limits: { requests_per_minute: 10_000_000, officer_requests_per_minute: 10_000_000 } };
const OFFICERS = 8;

export async function siege(options: {
  folder: string;
  rounds: number;
  secondsPerRound: number;
  tell: (text: string) => void;
}): Promise<SiegeResult> {
  const { folder, rounds, secondsPerRound, tell } = options;
  const federation = await startFederation({ folder, plans, settings, tapped: false });
  try {
    const [attacked, healthy, hostile] = federation.members as [Member, Member, Member];
    await introduce(federation.members);
    await agree(federation.members, arrangement(plans.map(({ id }) => id)));
    const rate = () => exchanged(attacked, healthy, secondsPerRound);
    await rate(); // the first seconds compile what runs often
    await hostile.node.stop();
    const quiet: number[] = [];
    const under: number[] = [];
    const tried: Record<string, number> = {};
    const before = await residentMegabytes(attacked.node.pid);
    let largest = before;
    for (let round = 1; round <= rounds; round++) {
      quiet.push(await rate());
      const attack = startAttack(targetOf(attacked, hostile));
      under.push(await rate());
      largest = Math.max(largest, await residentMegabytes(attacked.node.pid));
      for (const [name, count] of Object.entries(await attack.end())) tried[name] = (tried[name] ?? 0) + count;
      tell(`round ${round}: ${quiet.at(-1)!.toFixed(1)}/s without, ${under.at(-1)!.toFixed(1)}/s under attack`);
    }
    const ratios = under.map((each, i) => each / quiet[i]!);
    return {
      ratio: median(ratios),
      rounds: ratios,
      quiet_per_second: median(quiet),
      attacked_per_second: median(under),
      tried,
      memory_before_mb: before,
      memory_largest_mb: largest,
    };
  } finally {
    await federation.stop();
  }
}

/** Per second, posted and receipted. */
async function exchanged(from: Member, to: Member, seconds: number): Promise<number> {
  const begin = performance.now();
  const digests: string[] = [];
  const officer = async () => {
    while (performance.now() - begin < seconds * 1000)
      digests.push(await post(from, sighting(`under siege ${digests.length}`), [to.agency.id]));
  };
  await Promise.all(Array.from({ length: OFFICERS }, officer));
  for (const digest of digests) await heldByAll(from, digest, 120);
  return (digests.length * 1000) / (performance.now() - begin);
}

export const targetOf = ({ agency }: Member, hostile: Member): Target => ({
  port: agency.ports.federation,
  ca: agency.tls.certificate,
  key: hostile.agency.tls.key,
  cert: hostile.agency.tls.certificate,
  // An agency of its own has an address of its own; on Linux every 127.x.x.x is one.
  ...(process.platform === 'linux' && { localAddress: '127.0.0.66' }),
});

function startAttack(target: Target): { end(): Promise<Record<string, number>> } {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./attacker.js', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(target));
  const said = text(child.stdout);
  return {
    end: async () => {
      child.kill('SIGTERM');
      await once(child, 'close');
      return JSON.parse(await said);
    },
  };
}
