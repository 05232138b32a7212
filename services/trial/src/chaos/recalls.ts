/** Statements that are taken back while they are on their way or held. */
import type { Member } from '../federation.js';
import { recallBy } from '../recalling.js';
import { until } from '../until.js';
import type { Fault, Storm } from './storm.js';

export function recalls({ federation, officers, random, recalled, toll }: Storm): Fault[] {
  const before = ({ agency }: Member) => recalled.get(agency.name) ?? [];
  /** The last that was said and stands. */
  const open = (member: Member) =>
    officers.acknowledged.get(member.agency.name)!.findLast((digest) => !before(member).some(({ target }) => target === digest));

  return [
    {
      name: 'a statement recalled',
      strike: async () => {
        const somebody = async () => random.shuffled(federation.members).find((each) => open(each) !== undefined);
        const member = await until('that somebody has said something', somebody);
        const target = open(member)!;
        recalled.set(member.agency.name, [...before(member), { target, recall: await recallBy(member, target) }]);
        toll.recalls += 1;
        return `${member.agency.name} recalled the last that it had said`;
      },
    },
  ];
}
