import { cosignedMessage, type NoteKey, noteKey, parseCheckpointText, parseNote, sameKey, signatureType } from '@entente/ledger';
import type { EntityConfiguration } from '@entente/seal';
import { AuditorError } from '../error.js';
import { witnessKeysOf } from '../witness-keys.js';
import type { Files } from './files.js';
import type { VerifyStep } from './page.js';
import { pemOf } from './signed.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The signatures below a checkpoint, each taken apart for openssl: that of the log, and those of its witnesses with their times. */
export function* checkpointSteps(note: string, base: string, nodes: readonly EntityConfiguration[], files: Files): Generator<VerifyStep> {
  const { text, signatures } = parseNote(note);
  const { origin, size } = parseCheckpointText(text);
  files[`${base}.txt`] = utf8(note);
  const own = signatures.flatMap((line) => logKeysNamed(origin, nodes).flatMap((key) => (sameKey(key, line) ? [{ key, line }] : [])))[0];
  if (own === undefined) throw new AuditorError('bad_input', 'the log has not signed the checkpoint');
  files[`${base}.input`] = utf8(text);
  yield step(`the log ${origin} has signed this size and root: ${size} entries`, base, own.key, own.line.bytes, files);

  const witnesses = witnessKeysOf(nodes);
  for (const [at, line] of signatures.entries()) {
    const key = witnesses.find((one) => sameKey(one, line));
    if (key === undefined) continue;
    const time = Number(new DataView(line.bytes.buffer, line.bytes.byteOffset).getBigUint64(0));
    const name = `${base}.witness-${at}`;
    files[`${name}.input`] = cosignedMessage(text, time);
    const says = `${key.name} had seen it by its own word at ${new Date(time * 1000).toISOString()}`;
    yield step(says, name, key, line.bytes.slice(8), files);
  }
}

function step(says: string, base: string, key: NoteKey, signature: Uint8Array, files: Files): VerifyStep {
  files[`${base}.sig`] = signature;
  files[`${base}.key.pem`] = utf8(pemOf({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey).toString('base64url') }));
  return { says, command: `openssl pkeyutl -verify -pubin -inkey ${base}.key.pem -rawin -in ${base}.input -sigfile ${base}.sig` };
}

/** Every key that signed for a log, under this name. */
const logKeysNamed = (origin: string, nodes: readonly EntityConfiguration[]): NoteKey[] =>
  nodes
    .filter(({ id }) => origin.startsWith(`${new URL(id).host}/log/`))
    .flatMap(({ keys }) => keys.filter(({ use, alg }) => use === 'log' && alg === 'Ed25519'))
    .map(({ jwk }) => noteKey(origin, signatureType.ed25519, Buffer.from(jwk.x, 'base64url')));
