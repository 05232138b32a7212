/** What every fault works upon. */
import type { Server } from '@entente/postgres';
import type { Federation, Member } from '../federation.js';
import type { Backups } from './backups.js';
import type { Officers } from './officers.js';
import type { Random } from './random.js';
import type { RoughLine } from './rough-line.js';

export interface Toll {
  /** Processes ended by SIGKILL. */
  kills: number;
  /** Agencies whose connections to partners were cut, delayed, half-closed or repeated. */
  cuts: number;
  /** Nodes that went on with a clock an hour ahead. */
  clocks: number;
  /** Agencies that lost their database and went on from an old backup. */
  restores: number;
  /** Keys and certificates that were rolled over. */
  rolled: number;
  /** Agreements amended, and suspended for a while. */
  agreements: number;
  /** Statements recalled. */
  recalls: number;
  /** Times at which the machine of the database was lost and its standby took over. */
  fail_overs: number;
  /** Times at which the database could write no more. */
  full: number;
}

export interface Storm {
  federation: Federation;
  officers: Officers;
  random: Random;
  toll: Toll;
  /** Epochs of each agency's log. After the first it went on from a backup, and what nobody but it held is gone. */
  epochs: Map<string, number[]>;
  /** Digests of statements that were recalled, and of the recalls, by agency. */
  recalled: Map<string, { target: string; recall: string }[]>;
  backups: Backups;
  line(member: Member): RoughLine;
  /** Ends the server of all databases by SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, from its own folder or another one. */
  recover(dir?: string): Promise<Server>;
}

/** Ends with everything running again. In words, for whoever looks on. */
export interface Fault {
  name: string;
  strike(): Promise<string>;
  /** Why it cannot be caused on this machine. */
  impossible?: string;
}

export const anybody = ({ federation, random }: Storm): Member => random.one(federation.members);

export const DOWN_MS = 1_000;
