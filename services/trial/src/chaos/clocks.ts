/** Clocks that go wrong: ahead, so that those of all partners are behind. Behind the first day of its own keys a node does not start. */
import { anybody, type Fault, type Storm } from './storm.js';

const HOUR = 3600;

export const clocks = (storm: Storm): Fault[] => [
  {
    name: 'a clock shifted',
    strike: async () => {
      const { agency, node } = anybody(storm);
      await node.stop();
      await storm.federation.restart(agency.name, { env: { ENTENTE_CLOCK_SHIFT: String(HOUR) } });
      storm.toll.clocks += 1;
      return `the clock of ${agency.name} is an hour ahead until its next start`;
    },
  },
];
