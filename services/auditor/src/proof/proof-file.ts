import { AuditorError } from '../error.js';
import type { Direction } from '../source.js';

/** One release in a proof, with the recipient's answer. */
export interface ProvenRelease {
  direction: Direction;
  /** Entity id of the other node. */
  peer: string;
  digest: string;
  /** Null where the recipient refused it and did not keep it. */
  jwt: string | null;
  state: string;
  receipt: { digest: string; jwt: string } | null;
}

/** A leaf of the exchange log of one epoch with its C2SP tlog-proof, under a checkpoint of its own: the first that a witness cosigned. */
export interface ProvenLeaf {
  /** Canonical JSON, byte for byte what was hashed. */
  leaf: string;
  proof: string;
}

/**
 * Everything that proves one statement and what became of it, to somebody who has nothing but the entity configuration of the node: the
 * file is one JSON object and needs no network.
 */
export interface ProofFile {
  type: 'entente-proof';
  version: 1;
  /** RFC 3339, UTC; the word of whoever made the file. */
  made_at: string;
  /** Entity id of the node whose log proves it. */
  node: string;
  epoch: number;
  statement: { digest: string; jwt: string; own: boolean };
  /** What may be shown of the statement (RFC 9901 disclosures); empty: everything verifies, nothing is shown. */
  disclosures: string[];
  releases: ProvenRelease[];
  leaves: ProvenLeaf[];
  /** Entity configurations, with the history of every key, by entity id: the node's own and those of the others named here. */
  configurations: Record<string, string>;
  /** Agreements that the releases name: JWS General JSON. */
  agreements: string[];
}

/** Larger than any statement with a thousand releases. */
export const maximumFileBytes = 64 * 1024 * 1024;

/**
 * Reads a proof. Attacker-controlled: only the form is judged here, nothing in it is believed.
 * @throws {AuditorError} `bad_input`
 */
export function parseProofFile(text: string): ProofFile {
  const value = parse(text);
  if (!isProofFile(value)) throw new AuditorError('bad_input', 'this is not a proof file of Entente, version 1');
  return value;
}

function parse(text: string): unknown {
  if (text.length > maximumFileBytes) throw new AuditorError('bad_input', `a proof file has at most ${maximumFileBytes} bytes`);
  try {
    return JSON.parse(text);
  } catch {
    throw new AuditorError('bad_input', 'this is not a proof file: it is not JSON');
  }
}

function isProofFile(value: unknown): value is ProofFile {
  if (!isObject(value)) return false;
  const { type, version, made_at, node, epoch, statement, disclosures, releases, leaves, configurations, agreements } = value;
  return (
    type === 'entente-proof' &&
    version === 1 &&
    [made_at, node].every(isText) &&
    Number.isSafeInteger(epoch) &&
    isObject(statement) &&
    [statement.digest, statement.jwt].every(isText) &&
    typeof statement.own === 'boolean' &&
    isListOf(disclosures, isText) &&
    isListOf(releases, isRelease) &&
    isListOf(leaves, (leaf) => isObject(leaf) && isText(leaf.leaf) && isText(leaf.proof)) &&
    isObject(configurations) &&
    Object.values(configurations).every(isText) &&
    isListOf(agreements, isText)
  );
}

const isRelease = (release: unknown): boolean =>
  isObject(release) &&
  (release.direction === 'in' || release.direction === 'out') &&
  [release.peer, release.digest, release.state].every(isText) &&
  (release.jwt === null || isText(release.jwt)) &&
  (release.receipt === null || (isObject(release.receipt) && isText(release.receipt.digest) && isText(release.receipt.jwt)));

const isText = (value: unknown): value is string => typeof value === 'string';
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (value: unknown, holds: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(holds);
