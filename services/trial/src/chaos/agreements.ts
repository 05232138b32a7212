/** Agreements that change while releases under them are on their way. */
import { setTimeout as pause } from 'node:timers/promises';
import { type AgreementPayload, agree, takeStep } from '../agreement.js';
import { anybody, DOWN_MS, type Fault, type Storm } from './storm.js';

/** `first` is in force between all when the storm begins. */
export function agreements(storm: Storm, first: AgreementPayload): Fault[] {
  const { federation, toll } = storm;
  let present = first;
  const digestOf = async () =>
    (await federation.members[0]!.api.agreements()).find(({ id, version }) => id === present.id && version === present.version)!.digest;
  return [
    {
      name: 'an agreement amended',
      strike: async () => {
        const next = { ...present, version: Number(present.version) + 1, supersedes: await digestOf() };
        await agree(federation.members, next);
        present = next;
        toll.agreements += 1;
        return `version ${next.version} of the agreement is in force between all`;
      },
    },
    {
      name: 'an agreement suspended',
      strike: async () => {
        const member = anybody(storm);
        const digest = await digestOf();
        await takeStep(member, digest, 'suspend');
        await pause(DOWN_MS);
        await takeStep(member, digest, 'resume');
        toll.agreements += 1;
        return `${member.agency.name} suspended the agreement for a while`;
      },
    },
  ];
}
