/** A partner of whom nothing runs: keys, a certificate and an entity configuration that the test holds itself. It asks when the test asks. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatVkey, noteKey, signatureType } from '@entente/ledger';
import { type KeyRecord, type PrivateJwk, type Signer, signAgreement, signEntityConfiguration, type Use } from '@entente/seal';
import { generateKey, nodeSigner } from '@entente/seal/node';
import { arrangement, seconds } from '../src/arrangement.js';
import type { Member } from '../src/federation.js';
import { until } from '../src/until.js';
import { certificateFor } from './certificates.js';
import { ask, type Request, type Response } from './rogue.js';

export interface Absent {
  id: string;
  signer(use: Use): Signer;
  ask(member: Member, request: Request): Promise<Response>;
  /** Pinned by the member's administrator, and in agreement with it. */
  befriend(member: Member): Promise<void>;
}

const ed25519: readonly Use[] = ['log', 'witness'];

const known = (asked: Promise<unknown>) =>
  asked.then(
    () => true,
    () => undefined,
  );

export async function absentPartner(id: string): Promise<Absent> {
  const iat = seconds();
  const validity = { not_before: iat - 60, not_after: iat + 86_400 };
  const uses: Use[] = ['federation', 'statement', 'release', 'log', 'witness'];
  const made = new Map(uses.map((use) => [use, generateKey(ed25519.includes(use) ? 'Ed25519' : 'ES256')]));
  const keys = [...made].map(([use, { kid, alg, jwk }]): KeyRecord => ({ iss: id, kid, alg, use, jwk, ...validity }));
  const tls = await certificateFor(id);
  const signer = (use: Use) => nodeSigner(made.get(use)!.privateJwk);
  const logKey = noteKey(`${new URL(id).host}/log/1`, signatureType.ed25519, Buffer.from(made.get('log')!.jwk.x, 'base64url'));
  const configuration = await signEntityConfiguration(
    {
      id,
      iat,
      exp: iat + 86_400,
      organizationName: 'An agency of which nothing runs (invented)',
      country: 'QX',
      agencyType: 'CUS',
      protocolVersions: ['1'],
      keys,
      certificates: [tls.published],
      log: { origin: logKey.name, vkey: formatVkey(logKey) },
      endpoints: { federation: 'https://127.0.0.1:1/federation/v1' },
    },
    signer('federation'),
  );
  return {
    id,
    signer,
    ask: (member, request) => ask(member, tls, request),
    befriend: async (member) => {
      await member.api.addPeer(configuration, made.get('federation')!.kid);
      const key = await readFile(join(member.agency.folder, 'secrets', 'keys', 'federation.json'), 'utf8');
      const proposed = await signAgreement(arrangement([member.agency.id, id]), { party: id, signer: signer('federation') });
      const party = { party: member.agency.id, signer: nodeSigner(JSON.parse(key) as PrivateJwk) };
      await member.api.addAgreement(await signAgreement(proposed, party));
      await until(`${member.agency.name} to let ${id} in`, () => known(ask(member, tls, { method: 'GET', path: '/configuration' })), 120);
    },
  };
}
