/** A disk that is gone, and a node that goes on from an old backup. */
import { join } from 'node:path';
import type { Member } from '../federation.js';
import { loseDatabase, nodeCommand } from '../lost-database.js';
import { programs, runProgram } from '../programs.js';
import { until } from '../until.js';
import { anybody, type Fault, type Storm } from './storm.js';

const PATIENCE_SECONDS = 120;

export function restores(storm: Storm): Fault[] {
  const { federation, officers, backups, toll } = storm;
  let lives = 0;
  return [
    {
      name: 'a node restored from an old backup',
      strike: async () => {
        const member = anybody(storm);
        const { name } = member.agency;
        // What an officer has begun he ends before: a database that has forgotten an Idempotency-Key cannot know that an act is the same.
        const goOn = await officers.hold(name);
        try {
          lives += 1;
          await loseDatabase(federation, member, `${name.replaceAll('-', '_')}_life_${lives}`);
          await nodeCommand(member, ['restore', '--folder', backups.of(name)]);
          const { epoch } = await recovered(member);
          if (!storm.epochs.get(name)!.includes(epoch)) storm.epochs.get(name)!.push(epoch);
          await federation.restart(name);
          toll.restores += 1;
          await backups.take(name);
          return `${name} lost its database and went on from an old backup, in epoch ${epoch}`;
        } finally {
          goOn();
        }
      },
    },
  ];
}

interface Recovery {
  epoch?: number;
  error?: { code: string; message: string; advice: string };
}

/** As an administrator does: he waits for partners that do not answer, and gives his reason for a new epoch only when somebody knows more. */
async function recovered(member: Member): Promise<{ epoch: number }> {
  const recover = async (...args: string[]): Promise<Recovery> => {
    const file = join(member.agency.folder, 'entente.json');
    return JSON.parse((await runProgram(programs.node, ['recover', ...args, '--json', '--config', file], { accept: [0, 1] })).stdout);
  };
  const asked = async () => {
    const { epoch, error } = await recover();
    if (epoch !== undefined) return { epoch };
    return error?.code === 'peers_know_more' && !error.advice.includes('Wait for these first') ? { more: true } : undefined;
  };
  const { epoch } = await until(`the partners of ${member.agency.name} to answer`, asked, PATIENCE_SECONDS);
  if (epoch !== undefined) return { epoch };
  return (await recover('--new-epoch', 'The disk was lost in a storm')) as { epoch: number };
}
