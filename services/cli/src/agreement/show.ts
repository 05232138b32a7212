import { findKeyIn, inspectEntityConfiguration, openAgreement, SealError } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import type { Agreement } from '../answers.js';
import type { Act } from '../command.js';
import { readText } from '../files.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { type Columns, listing, printable } from '../table.js';
import { type AgreementFile, invalidAgreement, readAgreement } from './file.js';

type ShowOptions = ConnectionOptions & { configuration?: string[]; wide?: boolean };

const columns: Columns<Agreement> = {
  ID: (a) => a.id,
  VERSION: (a) => a.version,
  'SIGNED BY': (a) => a.signed_by.join(' '),
  DIGEST: (a, show) => show.digest(a.digest),
};

/** `entente agreement show [FILE]`. */
export const showAgreements: Act<ShowOptions> = (options, [file], { now }) =>
  file === undefined ? showHeld(options) : showFile(options, file, now());

async function showHeld(options: ShowOptions): Promise<Outcome> {
  const { data } = await (await connect(options, 'ADMIN')).GET('/v1/agreements');
  const none = 'No agreements yet, so nothing leaves this node: `entente agreement load`.';
  const words = listing(data?.items ?? [], columns, { wide: options.wide, none });
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
