import canonicalize from 'canonicalize';
import { LedgerError } from './error.js';

/** Members that a leaf of each act must have beside `v`, `n`, `at` and `op`. */
const requiredByOp = {
  issued: ['kind', 'digest'],
  released: ['peer', 'kind', 'digest', 'ref', 'position'],
  received: ['peer', 'digest'],
  receipt_held: ['peer', 'digest', 'ref'],
  voided: ['peer', 'digest'],
  quarantined: ['peer', 'digest'],
  refused: ['peer', 'digest'],
  recalled: ['digest'],
  complied: ['digest'],
  erased: ['digest'],
  agreement: ['digest'],
  key: ['digest'],
  peer: ['peer', 'digest'],
  access_root: ['digest'],
  epoch: [],
  pad: [],
} as const satisfies Record<string, readonly (keyof Leaf)[]>;

/** What a leaf of the exchange log says was done. */
export type LeafOp = keyof typeof requiredByOp;

export const leafOps: ReadonlySet<string> = new Set(Object.keys(requiredByOp));

/** A leaf of the exchange log: digests and codes, never content, names or free text. */
export interface Leaf {
  v: 1;
  /** 128 random bits in base64url, so that no leaf hash can be guessed. */
  n: string;
  /** When the act was stored: RFC 3339, UTC. */
  at: string;
  op: LeafOp;
  /** Entity id of the other node. */
  peer?: string;
  /** Kind of statement. */
  kind?: string;
  /** Digest of the object that the act made or took in. */
  digest?: string;
  /** Digest of the object that this one speaks of. */
  ref?: string;
  /** Position in the feed between this node and `peer`, from 1. */
  position?: number;
}

/** A leaf of the access log: SHA-256 of salt and entry, in base64url. The entry's text can go, the leaf stays. */
export interface AccessLeaf {
  v: 1;
  digest: string;
}

/** Entry bundles count a leaf's bytes in 16 bits (C2SP tlog-tiles). */
export const maxLeafBytes = 65_535;

type Check = (value: unknown) => boolean;

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

// The last character of a base64url text carries unused bits: only the spelling with zeros there is canonical.
const isDigest = matches(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);
const isTime: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(value) && !Number.isNaN(Date.parse(value));

const leafMembers: Record<keyof Leaf, Check> = {
  v: (value) => value === 1,
  n: matches(/^[A-Za-z0-9_-]{21}[AQgw]$/),
  at: isTime,
  op: (value) => typeof value === 'string' && leafOps.has(value),
  peer: matches(/^https:\/\/[!-"$->@-~]{1,1000}$/), // printable ASCII without # and ?
  kind: matches(/^[A-Za-z0-9][A-Za-z0-9_.:+-]{0,63}$/),
  digest: isDigest,
  ref: isDigest,
  position: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
};

const accessMembers: Record<keyof AccessLeaf, Check> = { v: (value) => value === 1, digest: isDigest };

/**
 * The bytes of a leaf: canonical JSON (RFC 8785).
 * @throws {LedgerError} `bad_leaf` for anything that `parseLeaf` would refuse, `leaf_too_large`
 */
export function leafBytes(leaf: Leaf): Uint8Array {
  checkLeaf(leaf);
  return encode(leaf);
}

/**
 * Reads a leaf of the exchange log. Unknown members, other spellings of the same JSON and unknown acts are refused.
 * @throws {LedgerError} `bad_leaf`, `leaf_too_large`
 */
export function parseLeaf(bytes: Uint8Array): Leaf {
  const value = decode(bytes);
  checkLeaf(value);
  return value;
}

/** @throws {LedgerError} `bad_leaf` */
export function accessLeafBytes(leaf: AccessLeaf): Uint8Array {
  checkAccessLeaf(leaf);
  return encode(leaf);
}

/** @throws {LedgerError} `bad_leaf`, `leaf_too_large` */
export function parseAccessLeaf(bytes: Uint8Array): AccessLeaf {
  const value = decode(bytes);
  checkAccessLeaf(value);
  return value;
}

function checkLeaf(value: unknown): asserts value is Leaf {
  checkMembers(value, leafMembers, ['v', 'n', 'at', 'op']);
  checkMembers(value, leafMembers, requiredByOp[(value as Leaf).op]);
}

function checkAccessLeaf(value: unknown): asserts value is AccessLeaf {
  checkMembers(value, accessMembers, ['v', 'digest']);
}

function checkMembers(value: unknown, members: Record<string, Check>, required: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new LedgerError('bad_leaf', 'a leaf is a JSON object');
  const bad = Object.entries(value).find(([name, member]) => !Object.hasOwn(members, name) || !members[name]!(member));
  if (bad !== undefined) throw new LedgerError('bad_leaf', `a leaf may not have this member: ${JSON.stringify(bad[0].slice(0, 40))}`);
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw new LedgerError('bad_leaf', `the leaf lacks ${missing}`);
}

function encode(value: unknown): Uint8Array {
  const bytes = new TextEncoder().encode(canonicalize(value));
  requireLeafSize(bytes);
  return bytes;
}

function decode(bytes: Uint8Array): unknown {
  requireLeafSize(bytes);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (canonicalize(value) === text) return value;
  } catch {
    // neither UTF-8 nor JSON: refused below like any other spelling
  }
  throw new LedgerError('bad_leaf', 'a leaf is canonical JSON');
}

function requireLeafSize(bytes: Uint8Array): void {
  if (bytes.length > maxLeafBytes) throw new LedgerError('leaf_too_large', `a leaf has at most ${maxLeafBytes} bytes, not ${bytes.length}`);
}
