/** Two agencies for the bench: one posts, the other receives; alerts are released without a second officer. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase } from '@entente/postgres';
import type { AgencyPlan } from '../agency.js';
import { type AgreementPayload, agree } from '../agreement.js';
import { type Federation, introduce, type Member, startFederation } from '../federation.js';
import { type Plain, startPlain } from './plain.js';

const plans: AgencyPlan[] = [
  { name: 'bench-from', id: 'https://bench-from.example', title: 'Sender of the bench', country: 'NL', type: 'CUS' },
  { name: 'bench-to', id: 'https://bench-to.example', title: 'Recipient of the bench', country: 'DE', type: 'LIC' },
];
const [from, to] = plans.map((plan) => plan.id) as [string, string];

const terms = {
  purposes: ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION'],
  handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'NONE' },
  retention_days: 365,
  onward: 'originator_consent',
  release: 'automatic',
} as const;

/** No personal data, which would need a second officer. 1 January 2026 to 1 January 2036, UTC. */
const agreement: AgreementPayload = {
  id: 'urn:entente:agreement:bench',
  version: 1,
  title: 'Arrangement for measuring',
  instrument: 'MOU-TRIAL',
  parties: [from, to],
  effective: 1_767_225_600,
  expires: 2_082_758_400,
  grants: [{ from: [from], to: [to], kinds: ['alert'], classes: ['N0', 'N1', 'C1'], ...terms }],
  grace_hours: 24,
};

/** A node as installed, but for the number of requests that one address and one officer may send: the bench is one of each. */
const settings = { limits: { requests_per_minute: 10_000_000, officer_requests_per_minute: 10_000_000 } };

/** Connections to the database: the node's default, and the same for the plain comparison. */
const CONNECTIONS = 10;

export interface Pair extends AsyncDisposable {
  federation: Federation;
  sender: Member;
  recipient: Member;
  plain: Plain;
  /** Database of the plain comparison, on the same server. */
  plainDatabase: string;
  /** Milliseconds from the start of the sender's process to its first `ready`. */
  startMs: number;
}

export async function startPair(folder: string, env: NodeJS.ProcessEnv): Promise<Pair> {
  let startMs = 0;
  const federation = await startFederation({
    folder,
    plans,
    settings,
    env,
    tapped: false,
    tell: ({ step, milliseconds }) => {
      if (step === 'node') startMs = Math.max(startMs, milliseconds);
    },
  });
  try {
    await introduce(federation.members);
    await agree(federation.members, agreement);
    const names = { name: 'bench_plain', owner: 'bench_plain_owner', application: 'bench_plain_app' };
    const { ownerUrl } = await createDatabase(federation.postgres, names);
    const databaseUrlFile = join(folder, 'plain.url');
    await writeFile(databaseUrlFile, ownerUrl, { mode: 0o600 });
    const [sender, recipient] = [federation.member('bench-from'), federation.member('bench-to')];
    const keys = join(sender.agency.folder, 'secrets', 'keys');
    const tls = { keyFile: join(keys, 'tls.key.pem'), certificateFile: join(keys, 'tls.cert.pem') };
    const plain = await startPlain({ databaseUrlFile, ...tls, connections: CONNECTIONS });
    const dispose = async () => {
      await plain[Symbol.asyncDispose]();
      await federation.stop();
    };
    return { federation, sender, recipient, plain, plainDatabase: ownerUrl, startMs, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await federation.stop();
    throw error;
  }
}
