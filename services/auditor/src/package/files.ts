import { createHash } from 'node:crypto';
import { parseCheckpointText, parseNote, parseTlogProof } from '@entente/ledger';
import { type EntityConfiguration, inspectEntityConfiguration, joinStatement, type KeyRecord } from '@entente/seal';
import { AuditorError } from '../error.js';
import type { ProofFile } from '../proof/proof-file.js';
import { checkpointSteps } from './checkpoint-steps.js';
import { inclusionSteps } from './inclusion-steps.js';
import { type Chapter, pageOf } from './page.js';
import { signedPart } from './signed.js';

export type Files = Record<string, Uint8Array>;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const numbered = (at: number): string => String(at + 1).padStart(2, '0');

/**
 * The files of an evidence package: everything of a proof taken apart for standard tools, and a page that says step by step how to verify
 * it with them. Whoever makes it has verified the proof before.
 * @throws {AuditorError} `bad_input` when the proof names a key that it does not bring
 */
export function filesOf(proof: ProofFile): Files {
  const nodes = Object.values(proof.configurations).map((jwt) => inspectEntityConfiguration(jwt).configuration);
  const keys = nodes.flatMap((node) => node.keys);
  const files: Files = {
    'proof.json': utf8(`${JSON.stringify(proof, undefined, 1)}\n`),
    'statement.txt': utf8(proof.statement.jwt),
    'presentation.txt': utf8(joinStatement(proof.statement.jwt, proof.disclosures)),
  };
  const chapters: Chapter[] = [
    signatures(proof, keys, files),
    names(proof),
    shown(proof, files),
    checkpoints(proof, nodes, files),
    leaves(proof, files),
  ];
  files['README.html'] = utf8(pageOf(proof, nodes, chapters));
  const sums = Object.entries(files).map(([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}`);
  files.SHA256SUMS = utf8(`${sums.join('\n')}\n`);
  return files;
}

function signatures(proof: ProofFile, keys: readonly KeyRecord[], files: Files): Chapter {
  const objects: [name: string, jws: string][] = [
    ...Object.entries(proof.configurations).map(([id, jwt]): [string, string] => [`what ${id} says of itself and its keys`, jwt]),
    [`the statement, by its originator`, proof.statement.jwt],
    ...proof.releases.flatMap(({ peer, direction, jwt, receipt }): [string, string][] => [
      ...(jwt === null ? [] : [[direction === 'out' ? `its release to ${peer}` : `its release by ${peer}`, jwt] as [string, string]]),
      ...(receipt === null
        ? []
        : [[direction === 'out' ? `the receipt of ${peer}` : `the receipt for ${peer}`, receipt.jwt] as [string, string]]),
    ]),
  ];
  const steps = objects.map(([name, jws], at) => {
    const part = signedPart(jws, keys);
    if (part === undefined) throw new AuditorError('bad_input', `the key of ${name} is not in the proof`);
    const base = `signed/${numbered(at)}`;
    files[`${base}.input`] = part.input;
    files[`${base}.sig`] = part.signature;
    files[`${base}.key.pem`] = utf8(part.keyPem);
    files[`${base}.json`] = part.payload;
    return { says: `${base}.json: ${name}, with the key ${part.kid}`, command: verifyCommand(part.alg, base) };
  });
  return { title: 'Signatures', says: 'Each object is signed over the file .input; .json is the same in clear.', steps };
}

const verifyCommand = (alg: KeyRecord['alg'], base: string): string =>
  alg === 'ES256'
    ? `openssl dgst -sha256 -verify ${base}.key.pem -signature ${base}.sig ${base}.input`
    : `openssl pkeyutl -verify -pubin -inkey ${base}.key.pem -rawin -in ${base}.input -sigfile ${base}.sig`;

/** The name of a statement is the digest of its text: releases and leaves speak of it by that. */
function names(proof: ProofFile): Chapter {
  const command = `test "$(openssl dgst -sha256 -binary statement.txt | base64 | tr '+/' '-_' | tr -d '=')" = ${proof.statement.digest}`;
  return {
    title: 'The name of the statement',
    says: 'A statement is named by the SHA-256 of its text, in base64url: the releases and the log speak of it by this name.',
    steps: [{ says: `the statement is ${proof.statement.digest}`, command }],
  };
}

function shown(proof: ProofFile, files: Files): Chapter {
  const steps = proof.disclosures.map((text, at) => {
    const base = `disclosed/${numbered(at)}`;
    const decoded = Buffer.from(text, 'base64url');
    files[`${base}.txt`] = utf8(text);
    files[`${base}.json`] = decoded;
    const digest = createHash('sha256').update(text).digest('base64url');
    return {
      says: `${base}.json is a part whose digest the statement, or a part that contains it, carries`,
      command: `test "$(openssl dgst -sha256 -binary ${base}.txt | base64 | tr '+/' '-_' | tr -d '=')" = ${digest} && { grep -qr ${digest} signed/*.json disclosed/*.json; }`,
    };
  });
  const says =
    steps.length === 0
      ? 'Nothing of the content is shown. The signature covers it all the same, by digests (RFC 9901).'
      : 'Each part that is shown is covered by the signature of the statement, by its digest (RFC 9901). Any SD-JWT library reads presentation.txt.';
  return { title: 'What is shown', says, steps };
}

/** Each leaf stands under one of these, in the order of the leaves. */
const notesOf = (proof: ProofFile): string[] => [...new Set(proof.leaves.map((leaf) => parseTlogProof(leaf.proof).checkpoint))];

function checkpoints(proof: ProofFile, nodes: readonly EntityConfiguration[], files: Files): Chapter {
  const notes = notesOf(proof);
  if (notes.length === 0) throw new AuditorError('bad_input', 'the proof has no leaf');
  return {
    title: 'The log',
    says: 'Each log/checkpoint-….txt is a signed size and root of the log (C2SP checkpoint), with the signatures of its witnesses, who say when they had seen it. Any C2SP tool reads it.',
    steps: notes.flatMap((note, at) => [...checkpointSteps(note, `log/checkpoint-${numbered(at)}`, nodes, files)]),
  };
}

function leaves(proof: ProofFile, files: Files): Chapter {
  const steps = proof.leaves.map(({ leaf, proof: text }, at) => {
    const base = `log/leaf-${numbered(at)}`;
    files[`${base}.json`] = utf8(leaf);
    files[`${base}.proof.txt`] = utf8(text);
    const { index, proof: hashes, checkpoint } = parseTlogProof(text);
    const { origin, size, root } = parseCheckpointText(parseNote(checkpoint).text);
    const lines = inclusionSteps(index, size, hashes).map(({ side, hash }) => {
      const neighbour = `echo ${hash} | base64 -d`;
      const pair = side === 'left' ? `${neighbour}; cat h` : `cat h; ${neighbour}`;
      return `(printf '\\001'; ${pair}) | openssl dgst -sha256 -binary > h2 && mv h2 h`;
    });
    const command = [
      `(printf '\\000'; cat ${base}.json) | openssl dgst -sha256 -binary > h`,
      ...lines,
      `test "$(base64 < h)" = ${Buffer.from(root).toString('base64')} && rm h`,
    ].join('\n');
    return { says: `${base}.json is entry ${index} of ${size} of ${origin}`, command };
  });
  return {
    title: 'The entries',
    says: 'Each entry is hashed with its neighbours up to the root that was signed (RFC 6962). The entries name the digests of the statement, the releases and the receipts.',
    steps,
  };
}
