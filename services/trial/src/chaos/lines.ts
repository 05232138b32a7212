/** Lines between partners that break, drag, and say things twice. */
import { setTimeout as pause } from 'node:timers/promises';
import { anybody, DOWN_MS, type Fault, type Storm } from './storm.js';

export function lines(storm: Storm): Fault[] {
  const { random, toll } = storm;

  /** The same thing done to one agency's line, a few times. */
  function again(name: string, words: string, strike: (line: ReturnType<Storm['line']>) => void): Fault {
    return {
      name,
      strike: async () => {
        const member = anybody(storm);
        for (let times = 1 + random.below(4); times > 0; times--) {
          strike(storm.line(member));
          await pause(random.below(DOWN_MS));
        }
        toll.cuts += 1;
        return `the connections of ${member.agency.name} were ${words}, again and again`;
      },
    };
  }

  return [
    again('connections cut', 'cut', (line) => line.cut()),
    again('connections half-closed', 'closed from one side', (line) => line.halfClose()),
    again('bytes duplicated', 'given the same bytes twice', (line) => line.repeat()),
    {
      name: 'connections delayed',
      strike: async () => {
        const member = anybody(storm);
        const line = storm.line(member);
        line.delay(200 + random.below(DOWN_MS));
        await pause(3 * DOWN_MS);
        line.delay(0);
        toll.cuts += 1;
        return `everything to and from ${member.agency.name} came late for a while`;
      },
    },
  ];
}
