/** What befalls the agencies while they exchange. Each fault ends with everything running again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Server, startServer } from '@entente/postgres';
import type { Federation } from '../federation.js';
import type { Random } from './random.js';

export interface Toll {
  /** Processes ended by SIGKILL. */
  kills: number;
  /** Agencies whose every connection to partners was cut. */
  cuts: number;
  /** Nodes that went on with a clock an hour off. */
  clocks: number;
}

export interface Faults extends AsyncDisposable {
  readonly toll: Toll;
  /** One fault, by chance. In words, for whoever looks on. */
  strike(): Promise<string>;
}

const DOWN_MS = 1_000;
const HOUR = 3600;

export function faultsOf(federation: Federation, random: Random): Faults {
  const toll: Toll = { kills: 0, cuts: 0, clocks: 0 };
  // A database that was killed is recovered by whoever starts it next; this one is let go of at the end.
  const recovered: Server[] = [];
  const anybody = () => random.one(federation.members);

  const faults: (() => Promise<string>)[] = [
    async function killNode() {
      const { agency, node } = anybody();
      await node.kill();
      toll.kills += 1;
      await pause(random.below(DOWN_MS));
      await federation.restart(agency.name);
      return `the node of ${agency.name} was killed`;
    },
    async function killDatabase() {
      const { dir } = federation.postgres;
      process.kill(Number((await readFile(join(dir, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL');
      toll.kills += 1;
      recovered.push(await startServer({ dir }));
      return 'the database of all was killed';
    },
    async function killBoth() {
      const { agency, node } = anybody();
      const { dir } = federation.postgres;
      process.kill(Number((await readFile(join(dir, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL');
      await node.kill();
      toll.kills += 2;
      recovered.push(await startServer({ dir }));
      await federation.restart(agency.name);
      return `the database of all and the node of ${agency.name} were killed`;
    },
    async function cutConnections() {
      const { agency, wire } = anybody();
      for (let times = 1 + random.below(4); times > 0; times--) {
        wire.cut();
        await pause(random.below(DOWN_MS));
      }
      toll.cuts += 1;
      return `the connections of ${agency.name} were cut, again and again`;
    },
    async function shiftClock() {
      const { agency, node } = anybody();
      const seconds = random.chance(0.5) ? HOUR : -HOUR;
      await node.stop();
      await federation.restart(agency.name, { env: { ENTENTE_CLOCK_SHIFT: String(seconds) } });
      toll.clocks += 1;
      return `the clock of ${agency.name} is ${seconds} s off from now on`;
    },
  ];
  return {
    toll,
    strike: () => random.one(faults)(),
    [Symbol.asyncDispose]: async () => {
      for (const server of recovered) await server.stop();
    },
  };
}
