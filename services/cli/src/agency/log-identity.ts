import { createHash } from 'node:crypto';

/** Type byte of an Ed25519 key in C2SP signed-note. */
const ed25519 = 0x01;

/** Origin of the first log of an agency, and its verifier key in the text form of C2SP signed-note: `name+hash+base64(type || key)`. */
export function logIdentity(entityId: string, logKeyX: string): { origin: string; vkey: string } {
  const origin = `${new URL(entityId).host}/log/1`;
  const key = Buffer.concat([Buffer.of(ed25519), Buffer.from(logKeyX, 'base64url')]);
  const hash = createHash('sha256').update(`${origin}\n`).update(key).digest().subarray(0, 4).toString('hex');
  return { origin, vkey: `${origin}+${hash}+${key.toString('base64')}` };
}
