import { findKeyIn, inspectEntityConfiguration, openAgreement, SealError } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import type { Act } from '../command.js';
import { readText } from '../files.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { printable, table } from '../table.js';
import { type AgreementFile, invalidAgreement, readAgreement } from './file.js';

type ShowOptions = ConnectionOptions & { configuration?: string[] };

/** `entente agreement show [FILE]`. */
export const showAgreements: Act<ShowOptions> = (options, [file], { now }) =>
  file === undefined ? showHeld(options) : showFile(options, file, now());

async function showHeld(options: ConnectionOptions): Promise<Outcome> {
  const { data } = await (await connect(options, 'ADMIN')).GET('/v1/agreements');
  const agreements = data?.items ?? [];
  const rows = agreements.map(({ id, version, digest, signed_by }) => [id, String(version), signed_by.join(' '), digest]);
  const words =
    rows.length === 0
      ? ['No agreements yet, so nothing leaves this node: `entente agreement load`.']
      : table(['ID', 'VERSION', 'SIGNED BY', 'DIGEST'], rows);
  return { result: { ...data }, words };
}

async function showFile(options: ShowOptions, file: string, now: number): Promise<Outcome> {
  const agreement = await readAgreement(file);
  const verified = options.configuration === undefined ? [] : await verifiedParties(agreement, options.configuration, now);
  const { payload, signers } = agreement;
  const stateOf = (party: string) =>
    verified.includes(party) ? 'signed, verified' : signers.includes(party) ? 'signed, not verified' : 'not signed';
  const lines = [
    `${payload.title} (${payload.id}, version ${payload.version})`,
    ...payload.parties.map((party) => `  ${party}: ${stateOf(party)}`),
    ...(verified.length < signers.length
      ? ['  To verify a signature, name the entity configuration of its party with --configuration.']
      : []),
    ...grantLines(payload.grants),
  ];
  return { result: { payload, signed_by: signers, verified }, words: lines.map(printable) };
}

/** Proves that the configurations' keys made the signatures; that the configurations are the right ones is for `peer add` to prove. */
async function verifiedParties({ file, jws }: AgreementFile, configurationFiles: string[], now: number): Promise<string[]> {
  if (jws === undefined) return [];
  const texts = await Promise.all(configurationFiles.map((path) => readText(path, 'entity configuration')));
  try {
    const configurations = texts.map((text) => inspectEntityConfiguration(text.trim()).configuration);
    return (await openAgreement(jws, { findKey: findKeyIn(configurations, verificationKey), at: now })).signedBy;
  } catch (error) {
    throw error instanceof SealError ? invalidAgreement(file, error) : error;
  }
}

function grantLines(grants: unknown): string[] {
  if (!Array.isArray(grants)) return [];
  const list = (value: unknown) => (Array.isArray(value) && value.length > 0 ? value.join(' ') : 'nothing');
  return grants.flatMap((grant: Record<string, unknown>) => [
    '',
    `  ${list(grant.from)} -> ${list(grant.to)}`,
    `    kinds ${list(grant.kinds)}; classes ${list(grant.classes)}; purposes ${list(grant.purposes)}`,
    `    kept ${grant.retention_days} days; onward ${grant.onward}; release ${grant.release}`,
  ]);
}
