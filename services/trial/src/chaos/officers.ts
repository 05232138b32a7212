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
  /** Lets the officer of one agency come to the end of what he has begun, and keeps him until the function is called. */
  hold(name: string): Promise<() => void>;
}

const BETWEEN_MS = 150;
const AGAIN_MS = 200;

/** One officer for each agency, who writes to one, two or all of the others. */
export function startOfficers(members: readonly Member[], random: Random): Officers {
  const acknowledged = new Map<string, string[]>(members.map(({ agency }) => [agency.name, []]));
  const contradicted: string[] = [];
  let posted = 0;
  let resting = false;

  /** By agency: what an officer is doing, and what he waits for before the next. */
  const busy = new Map<string, Promise<void>>();
  const held = new Map<string, Promise<void>>();

  async function work(member: Member): Promise<void> {
    const others = members.filter((other) => other !== member).map(({ agency }) => agency.id);
    const { name } = member.agency;
    while (!resting) {
      const saying = say(member, random.some(others));
      busy.set(name, saying);
      await saying;
      await pause(BETWEEN_MS);
      while (held.has(name)) await held.get(name);
    }
  }

  async function say(member: Member, to: string[]): Promise<void> {
    const { name } = member.agency;
    posted += 1;
    const key = `chaos-${name}-${posted}`;
    const input = sighting(`what officer ${key} saw`);
    const digest = await untilAcknowledged(member, input, to, key);
    acknowledged.get(name)!.push(digest);
    // Said once more: a client that never heard the answer does so.
    if (random.chance(0.2) && (await untilAcknowledged(member, input, to, key)) !== digest) contradicted.push(key);
  }

  const working = Promise.all(members.map(work));
  working.catch(() => undefined); // whoever lets them rest hears of it
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
    hold: async (name) => {
      let letGo: () => void = () => undefined;
      const kept = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      held.set(name, kept);
      await busy.get(name);
      return () => {
        held.delete(name);
        letGo();
      };
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

/** While an agreement is suspended or replaced. */
const changing = ['nothing_released', 'rules_changed'];

/** What a node that is there says of the request itself; everything else may be otherwise a moment later. */
const isFinal = (error: unknown): boolean => {
  const { status, code } = error as { status?: number; code?: string };
  return status !== undefined && status < 500 && status !== 429 && !changing.includes(code ?? '');
};
