/** The stand-alone auditor over a whole node, against the bare rate of the hashes in it. */
import { audit } from '../audit.js';
import type { Member } from '../federation.js';
import { type Figure, figure, rounded } from './figure.js';

export async function measureVerifying(member: Member, hashesPerSecond: number): Promise<Figure> {
  const begin = performance.now();
  const { verified, findings } = await audit([member]);
  const seconds = (performance.now() - begin) / 1000;
  if (verified.length !== 1) throw new Error(`the auditor finds fault with the sender of the bench: ${findings.join('; ')}`);
  const [exchange, access] = await Promise.all([entriesOf(member, 'exchange'), entriesOf(member, 'access')]);
  const rate = (exchange + access) / seconds;
  return figure({
    name: 'verify_log',
    title: 'Verify a whole node, against bare hashes of its entries',
    value: rate / hashesPerSecond,
    unit: 'times',
    how: `${rounded(rate)} entries/s: ${exchange} of the exchange log and ${access} of the access log in ${rounded(seconds)} s, with the start of the program, every signature, feed, receipt and stored tile; ${rounded(hashesPerSecond)} hashes of a leaf per second in one thread`,
    parts: {
      entries_per_second: rounded(rate),
      entries: exchange + access,
      seconds: rounded(seconds),
      hashes_per_second: rounded(hashesPerSecond),
    },
  });
}

/** The second line of a checkpoint is the size of its tree. C2SP tlog-checkpoint. */
async function entriesOf(member: Member, log: 'exchange' | 'access'): Promise<number> {
  const { data } = await member.api.auditor.GET('/audit/v1/tlog/{log}/checkpoint', { params: { path: { log } }, parseAs: 'text' });
  return Number(data!.split('\n')[1]);
}
