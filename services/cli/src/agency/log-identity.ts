import { createHash } from 'node:crypto';

/** Type byte of an Ed25519 key in C2SP signed-note. */
const ed25519 = 0x01;

/** Origin of the log of an agency in an epoch, and its verifier key in the text form of C2SP signed-note: `name+hash+base64(type || key)`. */
export function logIdentity(entityId: string, epoch: number, logKeyX: string): { origin: string; vkey: string } {
  const origin = `${new URL(entityId).host}/log/${epoch}`;
  const key = Buffer.concat([Buffer.of(ed25519), Buffer.from(logKeyX, 'base64url')]);
  const hash = createHash('sha256').update(`${origin}\n`).update(key).digest().subarray(0, 4).toString('hex');
  return { origin, vkey: `${origin}+${hash}+${key.toString('base64')}` };
}
