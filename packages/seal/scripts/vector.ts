import type { Json, KeyRecord, SealCode } from '../src/index.js';
import { fixedKey } from './fixed-keys.js';

/** One test vector: an operation of docs/protocol.md on one input, with its one outcome. Negative ones differ from a good one in one place. */
export interface Vector {
  /** name of the file */
  name: string;
  what: string;
  /** sections of docs/protocol.md */
  section: string;
  operation: Operation;
  /** the keys that are known */
  keys: readonly KeyRecord[];
  input: { [member: string]: Json };
  expected: { error: SealCode } | { ok: { [member: string]: Json } };
}

export type Operation =
  | 'parse_json'
  | 'open_statement'
  | 'split_statement'
  | 'open_release'
  | 'open_consent'
  | 'open_page'
  | 'follow_page'
  | 'open_receipt'
  | 'open_void'
  | 'open_agreement'
  | 'pin_entity';

export const originator = 'https://nl-cus.example';
export const recipient = 'https://de-lic.example';
export const issuedAt = 1_772_442_000;

export const vectorKeys = {
  statement: fixedKey('ES256', 'vector statement'),
  statementEd: fixedKey('Ed25519', 'vector statement'),
  release: fixedKey('ES256', 'vector release'),
  federation: fixedKey('Ed25519', 'vector federation'),
  recipientRelease: fixedKey('ES256', 'vector recipient release'),
  recipientFederation: fixedKey('Ed25519', 'vector recipient federation'),
};

export const known: KeyRecord[] = [
  vectorKeys.statement.record(originator, 'statement'),
  vectorKeys.statementEd.record(originator, 'statement'),
  vectorKeys.release.record(originator, 'release'),
  vectorKeys.federation.record(originator, 'federation'),
  vectorKeys.recipientRelease.record(recipient, 'release'),
  vectorKeys.recipientFederation.record(recipient, 'federation'),
];

export const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
