/** Statements that are taken back while they are on their way or held. */
import { recallBy } from '../recalling.js';
import { anybody, type Fault, type Storm } from './storm.js';

export const recalls = (storm: Storm): Fault[] => [
  {
    name: 'a statement recalled',
    strike: async () => {
      const member = anybody(storm);
      const { name } = member.agency;
      const before = storm.recalled.get(name) ?? [];
      const open = storm.officers.acknowledged.get(name)!.filter((digest) => !before.some(({ target }) => target === digest));
      const target = open.at(-1);
      if (target === undefined) return `${name} has said nothing that could be recalled`;
      storm.recalled.set(name, [...before, { target, recall: await recallBy(member, target) }]);
      storm.toll.recalls += 1;
      return `${name} recalled the last that it had said`;
    },
  },
];
