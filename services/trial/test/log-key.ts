/** Keys that sign notes, from what the agencies publish. */
import { type NoteKey, noteKey, signatureType } from '@entente/ledger';
import { inspectEntityConfiguration } from '@entente/seal';
import { nodeVerifier } from '@entente/seal/node';
import type { Member } from '../src/federation.js';

const keyOf = ({ agency }: Pick<Member, 'agency'>, use: 'log' | 'witness'): Buffer =>
  Buffer.from(inspectEntityConfiguration(agency.configuration).configuration.keys.find((key) => key.use === use)!.jwk.x, 'base64url');

/** Of the first epoch. */
export const logKey = (member: Pick<Member, 'agency'>, log: 'exchange' | 'access'): NoteKey =>
  noteKey(`${new URL(member.agency.id).host}/${log === 'exchange' ? 'log' : 'access'}/1`, signatureType.ed25519, keyOf(member, 'log'));

export const witnessKey = (member: Pick<Member, 'agency'>): NoteKey =>
  noteKey(`${new URL(member.agency.id).host}/witness`, signatureType.cosignature, keyOf(member, 'witness'));

export const verifyNote = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
  nodeVerifier({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, 'Ed25519')(message, signature);
