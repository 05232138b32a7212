/** Processes that end without warning. */
import { setTimeout as pause } from 'node:timers/promises';
import { serveSecond } from '../second-process.js';
import { anybody, DOWN_MS, type Fault, type Storm } from './storm.js';

export function kills(storm: Storm): Fault[] {
  const { federation, random, toll } = storm;

  return [
    {
      name: 'a node killed',
      strike: async () => {
        const { agency, node } = anybody(storm);
        await node.kill();
        toll.kills += 1;
        await pause(random.below(DOWN_MS));
        await federation.restart(agency.name);
        return `the node of ${agency.name} was killed`;
      },
    },
    {
      name: 'the database killed',
      strike: async () => {
        await storm.kill();
        await storm.recover();
        return 'the database of all was killed';
      },
    },
    {
      name: 'both killed at once',
      strike: async () => {
        const { agency, node } = anybody(storm);
        await storm.kill();
        await node.kill();
        toll.kills += 1;
        await storm.recover();
        await federation.restart(agency.name);
        return `the database of all and the node of ${agency.name} were killed`;
      },
    },
    {
      name: 'one of two processes of an agency killed',
      strike: async () => {
        const { agency, node } = anybody(storm);
        const second = await serveSecond(agency);
        try {
          await pause(random.below(DOWN_MS));
          await node.kill();
          toll.kills += 1;
          await pause(DOWN_MS);
          await federation.restart(agency.name);
        } finally {
          await second.node.kill();
          toll.kills += 1;
        }
        return `two processes of ${agency.name} shared one database; each was killed while the other went on`;
      },
    },
  ];
}
