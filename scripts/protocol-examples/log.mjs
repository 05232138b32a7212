// The log of the page: its leaves, its checkpoint, a proof.
import { verify } from 'node:crypto';
import {
  Frontier,
  formatTlogProof,
  formatVkey,
  inclusionProof,
  leafBytes,
  leafHash,
  noteKey,
  openTlogProof,
  signatureType,
  signCheckpoint,
} from '@entente/ledger';
import { fixedRandom } from '../../packages/seal/dist/scripts/fixed-keys.js';
import { kind } from './alert.mjs';
import { keyOf, recipient, sender } from './parties.mjs';
import { fenced } from './show.mjs';

export const logKey = () => noteKey('nl-cus.example/log/1', signatureType.ed25519, Buffer.from(keyOf(sender, 'log').jwk.x, 'base64url'));

/** The acts of this page, filled with padding to 64 leaves. */
export async function logged(statement, release, receipt) {
  const random = fixedRandom('log');
  const acts = [
    { at: '2026-03-02T09:05:00Z', op: 'issued', kind: kind.name, digest: statement.digest },
    {
      at: '2026-03-02T09:05:00Z',
      op: 'released',
      peer: recipient,
      kind: kind.name,
      digest: release.digest,
      ref: statement.digest,
      position: 1,
    },
    { at: '2026-03-02T09:05:03Z', op: 'receipt_held', peer: recipient, digest: receipt.digest, ref: release.digest },
  ];
  const pads = Array.from({ length: 64 - acts.length }, () => ({ at: '2026-03-02T09:10:00Z', op: 'pad' }));
  const leaves = [...acts, ...pads].map((act) => leafBytes({ v: 1, n: Buffer.from(random(16)).toString('base64url'), ...act }));
  const hashes = leaves.map((bytes) => leafHash(bytes));
  const frontier = Frontier.empty();
  for (const hash of hashes) frontier.append(hash);
  const head = { origin: logKey().name, size: frontier.size, root: frontier.root() };
  const checkpoint = await signCheckpoint(head, { key: logKey(), sign: keyOf(sender, 'log').signer.sign });
  const read = async (_level, index, count) => hashes.slice(index, index + count); // 64 leaves: level 0 is all there is
  const proof = formatTlogProof({ index: 1, proof: await inclusionProof(1, frontier.size, read), checkpoint });
  await openTlogProof(proof, hashes[1], logKey(), verifyEd25519);
  return { leaves, hashes, checkpoint, proof };
}

function verifyEd25519(publicKey, message, signature) {
  const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return verify(null, message, { key, format: 'jwk' }, signature);
}

export const showLog = ({ leaves, hashes, checkpoint, proof }) =>
  [
    'The first three leaves and the first padding, each with its leaf hash:',
    fenced(
      leaves
        .slice(0, 4)
        .map((bytes, at) => `${Buffer.from(bytes)}\n  ${Buffer.from(hashes[at]).toString('base64')}\n`)
        .join('\n'),
    ),
    'The checkpoint over these and 60 more leaves of padding:',
    fenced(checkpoint),
    'Its verifier key:',
    fenced(formatVkey(logKey())),
    'The tlog-proof of the leaf at index 1, as the recipient gets it:',
    fenced(proof),
  ].join('\n\n');
