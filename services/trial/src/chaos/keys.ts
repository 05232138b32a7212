/** Keys and certificates that are rolled over while everything goes on. */
import { inspectEntityConfiguration } from '@entente/seal';
import type { Member } from '../federation.js';
import { programs, runProgram } from '../programs.js';
import { until } from '../until.js';
import { anybody, type Fault, type Storm } from './storm.js';

const uses = ['statement', 'release', 'witness', 'encryption', 'federation'] as const;
const PATIENCE_SECONDS = 60;

export function keys(storm: Storm): Fault[] {
  const { federation, random, toll } = storm;
  return [
    {
      name: 'a key rolled over',
      strike: async () => {
        const member = anybody(storm);
        const use = random.one(uses);
        const { key } = await command(member, 'roll', use);
        if (use === 'federation') member.agency.thumbprint = key;
        toll.rolled += 1;
        return `the ${use} key of ${member.agency.name} was rolled over`;
      },
    },
    {
      name: 'a certificate renewed',
      strike: async () => {
        const member = anybody(storm);
        const { fingerprint } = await command(member, 'renew-tls');
        for (const partner of federation.members.filter((other) => other !== member))
          await until(`the announcement at ${partner.agency.name}`, () => isKnownAt(partner, member, fingerprint), PATIENCE_SECONDS);
        await command(member, 'renew-tls', '--activate');
        // Who came back from an older backup could not reach it before somebody hands its new configuration in.
        await storm.backups.takeAll();
        toll.rolled += 1;
        return `the certificate of ${member.agency.name} was renewed`;
      },
    },
  ];
}

async function command({ agency }: Member, ...args: string[]): Promise<{ key: string; fingerprint: string }> {
  const { stdout } = await runProgram(programs.cli, ['keys', ...args, '--config', `${agency.folder}/entente.json`, '--json']);
  return JSON.parse(stdout);
}

async function isKnownAt(partner: Member, { agency }: Member, fingerprint: string): Promise<true | undefined> {
  const { peers } = (await partner.api.auditor.GET('/audit/v1/configuration')).data!;
  const { certificates } = inspectEntityConfiguration(peers.find(({ id }) => id === agency.id)!.configuration).configuration;
  return certificates.some((one) => one.fingerprint === fingerprint) || undefined;
}
