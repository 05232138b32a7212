import { randomBytes } from 'node:crypto';
import { type Agreement, decide, Permit, type SignedAgreement } from '@entente/policy';
import { type Kind, kinds, layout, type StatementInput } from '@entente/statement';
import { type FixedKey, fixedKey } from '../scripts/fixed-keys.js';
import {
  type FindKey,
  type IssuedStatement,
  issueStatement,
  type KeyRecord,
  type SealedRelease,
  type Signer,
  sealRelease,
  type Use,
} from '../src/index.js';
import { verificationKey } from '../src/node.js';

/** Two invented agencies with their keys, as every test of this package needs them. */
export const customs = 'https://nl-cus.example';
export const licensing = 'https://de-lic.example';
export const now = 1_772_442_000;
export const random = (bytes: number): Uint8Array => randomBytes(bytes);

export const keys = {
  statement: fixedKey('ES256', 'customs statement'),
  release: fixedKey('ES256', 'customs release'),
  federation: fixedKey('Ed25519', 'customs federation'),
  next: fixedKey('Ed25519', 'customs next federation'),
  ed25519: fixedKey('Ed25519', 'customs statement 2'),
  foreign: fixedKey('ES256', 'licensing release'),
  foreignFederation: fixedKey('Ed25519', 'licensing federation'),
} satisfies Record<string, FixedKey>;

export const records: KeyRecord[] = [
  keys.statement.record(customs, 'statement'),
  keys.ed25519.record(customs, 'statement'),
  keys.release.record(customs, 'release'),
  keys.federation.record(customs, 'federation'),
  keys.foreign.record(licensing, 'release'),
  keys.foreignFederation.record(licensing, 'federation'),
];

export const finderOf = (known: readonly KeyRecord[]): FindKey => {
  const ready = new Map(known.map((record) => [`${record.iss} ${record.kid} ${record.use}`, verificationKey(record)]));
  return (iss: string, kid: string, use: Use) => ready.get(`${iss} ${kid} ${use}`);
};
export const findKey = finderOf(records);

/** The same keys with one of them changed: revoked, compromised, of another time. */
export const findKeyWith = (kid: string, change: Partial<KeyRecord>): FindKey =>
  finderOf(records.map((record) => (record.kid === kid ? { ...record, ...change } : record)));

export const alert: Kind = kinds.get('alert')!;
export const jti = 'urn:uuid:018f6d2e-7c10-7b1a-9c55-3f0d6a0b1c01';

export const issue = (input: StatementInput = alert.example, signer: Signer = keys.statement.signer): Promise<IssuedStatement> =>
  issueStatement({ input, kind: alert, iss: customs, iat: now, jti, signer, random });

export const agreement: Agreement = {
  id: 'NL-DE-2026',
  version: 1,
  title: 'Exchange on exports of dual-use goods',
  instrument: 'CMAA-NL-DE',
  parties: [customs, licensing],
  effective: now - 1000,
  expires: now + 100 * 86_400,
  grace_hours: 24,
  grants: [
    {
      from: [customs],
      to: [licensing],
      kinds: ['alert'],
      classes: ['N0', 'N1', 'C1'],
      purposes: alert.example.handling.purposes,
      handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'RESTRICTED' },
      retention_days: 30,
      onward: 'none',
      release: 'automatic',
    },
  ],
};

export const signed: SignedAgreement = { digest: 'A'.repeat(43), agreement, signedBy: [customs, licensing] };

export function permitFor(input: StatementInput = alert.example, under: SignedAgreement = signed): Permit {
  const { handling, legal_basis, exercise, rel } = input;
  const { parts } = layout(alert, input);
  const question = {
    kind: 'alert',
    parts,
    handling,
    legal_basis,
    exercise,
    rel,
    valid_until: now + 1000,
    from: customs,
    to: licensing,
    now,
  };
  const decision = decide({ ...question, agreements: [under] });
  if (!(decision instanceof Permit)) throw new Error(decision.reason);
  return decision;
}

export const release = (issued: IssuedStatement, permit = permitFor()): Promise<SealedRelease> =>
  sealRelease(
    permit,
    { iss: customs, iat: now, jti: Buffer.from(random(16)).toString('base64url'), statement: issued, disclosures: issued.disclosures },
    keys.release.signer,
  );

export { forge } from '../scripts/fixed-keys.js';
