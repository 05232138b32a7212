import { access } from 'node:fs/promises';
import { findKeyIn, inspectEntityConfiguration, openAgreement, SealError } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import type { Agreement } from '../answers.js';
import type { Act } from '../command.js';
import { readText } from '../files.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { type Columns, listing, printable } from '../table.js';
import { type AgreementFile, invalidAgreement, readAgreement } from './file.js';
import { heldAgreement, standingLines } from './step.js';

type ShowOptions = ConnectionOptions & { configuration?: string[]; wide?: boolean };

const columns: Columns<Agreement> = {
  ID: (a) => a.id,
  VERSION: (a) => a.version,
  'SIGNED BY': (a) => `${a.signed_by.length} of ${a.standing.length + 1}`,
  STANDING: (a) => a.standing.map(({ party, state }) => `${party} ${state}`).join(', '),
  DIGEST: (a, show) => show.digest(a.digest),
};

/** `entente agreement list`. */
export const listAgreements: Act<ShowOptions> = async (options) => {
  const { data } = await (await connect(options, 'ADMIN')).GET('/v1/agreements');
  const none = 'No agreements yet, so nothing leaves this node: `entente agreement draft`.';
  const words = listing(data?.items ?? [], columns, { wide: options.wide, none });
  return { result: { ...data }, words };
};

/** `entente agreement show DIGEST|FILE`. */
export const showAgreement: Act<ShowOptions> = async (options, [word = ''], { now }) =>
  (await isFile(word)) ? await showFile(options, word, now()) : await showHeld(options, word);

const isFile = (word: string): Promise<boolean> =>
  access(word).then(
    () => true,
    () => false,
  );

async function showHeld(options: ShowOptions, word: string): Promise<Outcome> {
  const held = await heldAgreement(await connect(options, 'ADMIN'), word);
  const { title, id, version, acts, agreement, signed_by } = held;
  const lines = [
    `${title} (${id}, version ${version})`,
    `  signed by ${signed_by.join(', ') || 'nobody'}`,
    ...standingLines(held),
    ...acts.map(({ party, act, at }) => `  ${at} ${party} ${act} it`),
    ...grantLines(agreement.grants),
  ];
  return { result: { ...held }, words: lines.map(printable) };
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
