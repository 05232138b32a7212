/** Officers who never stop posting: each says the same again, under the same idempotency key, until the node has acknowledged it. */
import { setTimeout as pause } from 'node:timers/promises';
import { post, sighting } from '../arrangement.js';
import type { Member } from '../federation.js';
import type { Random } from './random.js';

export interface Officers {
  /** Statements that officers began to post. */
  readonly posted: number;
  /** Acknowledged, by agency: digests of the statements. */
  readonly acknowledged: ReadonlyMap<string, readonly string[]>;
  /** One key that was answered with two statements: must never be. */
  readonly contradicted: readonly string[];
  /** Lets each come to the end of what it has begun; resolves when everything begun is acknowledged. */
  rest(): Promise<void>;
}

const BETWEEN_MS = 150;
const AGAIN_MS = 200;

/** One officer for each agency, who writes to one, two or all of the others. */
export function startOfficers(members: readonly Member[], random: Random): Officers {
  const acknowledged = new Map<string, string[]>(members.map(({ agency }) => [agency.name, []]));
  const contradicted: string[] = [];
  let posted = 0;
  let resting = false;

  async function work(member: Member): Promise<void> {
    const others = members.filter((other) => other !== member).map(({ agency }) => agency.id);
    while (!resting) {
      posted += 1;
      const key = `chaos-${member.agency.name}-${posted}`;
      const to = random.some(others);
      const input = sighting(`what officer ${key} saw`);
      acknowledged.get(member.agency.name)!.push(await untilAcknowledged(member, input, to, key));
      // Said once more: a client that never heard the answer does so.
      if (random.chance(0.2)) {
        const again = await untilAcknowledged(member, input, to, key);
        if (again !== acknowledged.get(member.agency.name)!.at(-1)) contradicted.push(key);
      }
      await pause(BETWEEN_MS);
    }
  }

  const working = Promise.all(members.map(work));
  return {
    get posted() {
      return posted;
    },
    acknowledged,
    contradicted,
    rest: async () => {
      resting = true;
      await working;
    },
  };
}

const PATIENCE_MS = 180_000;

async function untilAcknowledged(member: Member, input: ReturnType<typeof sighting>, to: string[], key: string): Promise<string> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await pause(AGAIN_MS)) {
    try {
      return await post(member, input, to, key);
    } catch (error) {
      if (isFinal(error) || performance.now() > deadline) throw error;
    }
  }
}

/** What a node that is there says of the request itself; everything else may be otherwise a moment later. */
const isFinal = (error: unknown): boolean => {
  const { status } = error as { status?: number };
  return status !== undefined && status < 500 && status !== 429;
};
