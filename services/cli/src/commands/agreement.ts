import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { findKeyIn, inspectEntityConfiguration, openAgreement, type PrivateJwk, SealError, signAgreement } from '@entente/seal';
import { nodeSigner, verificationKey } from '@entente/seal/node';
import { type AgreementFile, type AgreementPayload, invalidAgreement, readAgreement } from '../agreement-file.js';
import { type CommonOptions, type Register, withConfiguration, withExamples, withNode } from '../command.js';
import { readConfiguration } from '../configuration-file.js';
import { CliError } from '../failure.js';
import { parseJson, readText, replaceFile } from '../files.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { printable, table } from '../table.js';

interface SignOptions extends CommonOptions {
  key?: string;
  party?: string;
  out?: string;
}

type ShowOptions = ConnectionOptions & { configuration?: string[] };

export const registerAgreement: Register = (program, run) => {
  const agreement = program
    .command('agreement')
    .summary('who may send what to whom')
    .description(
      'Agreements say who may send what to whom, for which purposes. Without one that both sides have signed nothing leaves a node.',
    );

  const sign = agreement
    .command('sign')
    .summary("add this agency's signature to an agreement")
    .description(
      'Adds the signature of this agency, with its federation key. FILE is the text of the agreement (JSON), or the same with the signatures of others; the last to sign has the whole.',
    )
    .argument('<file>', 'the agreement')
    .option('--key <file>', 'federation key (default: the one of the configuration)')
    .option('--party <id>', 'entity id to sign as (default: the one of the configuration)')
    .option('--out <file>', 'where to write it (default: FILE itself when it has signatures, else FILE with the ending .jws.json)');
  withExamples(withConfiguration(sign), [
    'entente agreement sign rhine-7.json            # the first party: writes rhine-7.jws.json',
    'entente agreement sign rhine-7.jws.json        # each other party',
  ]);
  sign.action(run<SignOptions>((options, [file]) => signFile(options, file as string)));

  const load = agreement
    .command('load')
    .summary('give the node a signed agreement')
    .description(
      'Gives the node a signed agreement. The node verifies every signature; the agreement is in force between the parties that have signed it.',
    )
    .argument('<file>', 'the agreement with its signatures');
  withExamples(withNode(load), ['entente agreement load rhine-7.jws.json']);
  load.action(run<ConnectionOptions>((options, [file]) => loadFile(options, file as string)));

  const show = agreement
    .command('show')
    .summary('show the agreements of the node, or one in a file')
    .description(
      'Shows the agreements that the node holds, or what one in a file says. Signatures in a file are verified with the entity configurations of the parties, where they are given.',
    )
    .argument('[file]', 'an agreement, with signatures or without')
    .option('--configuration <file...>', "entity configurations of the parties, to verify the file's signatures");
  withExamples(withNode(show), ['entente agreement show', 'entente agreement show rhine-7.jws.json --configuration nl-cus.jwt de-lic.jwt']);
  show.action(run<ShowOptions>((options, [file], { now }) => (file === undefined ? showHeld(options) : showFile(options, file, now()))));
};

async function signFile(options: SignOptions, file: string): Promise<Outcome> {
  const agreement = await readAgreement(file);
  const { party, key } = await signatory(options);
  refuseForeign(agreement.payload, party);
  if (agreement.signers.includes(party))
    return signed(agreement.payload, agreement.signers, file, `${party} has signed this already; nothing was changed.`);
  const out = options.out ?? (agreement.jws === undefined ? `${file.replace(/\.json$/, '')}.jws.json` : file);
  if (out !== file) await refuseExisting(out);
  const jws = await signAgreement(agreement.jws ?? agreement.payload, { party, signer: nodeSigner(key) }).catch((error: unknown) => {
    throw error instanceof SealError ? invalidAgreement(file, error) : error;
  });
  await replaceFile(out, `${jws}\n`);
  return signed(agreement.payload, [...agreement.signers, party], out, `Signed as ${party}, in ${out}.`);
}

/** `--key` and `--party` together need no configuration: a federation key may be kept away from the node. */
async function signatory(options: SignOptions): Promise<{ party: string; key: PrivateJwk }> {
  const configuration = options.key !== undefined && options.party !== undefined ? undefined : await readConfiguration(options.config);
  const keyFile = options.key ?? join(configuration?.keysFolder as string, 'federation.json');
  const key = parseJson(await readText(keyFile, 'federation key'), keyFile, 'federation key') as PrivateJwk & { use_for?: unknown };
  if (key?.use_for !== 'federation') {
    throw new CliError(
      'file_invalid',
      `${keyFile} holds no federation key`,
      'Agreements are signed with the federation key: its file says "use_for": "federation".',
    );
  }
  return { party: options.party ?? (configuration?.entityId as string), key };
}

function refuseForeign(payload: AgreementPayload, party: string): void {
  if (payload.parties.includes(party)) return;
  const message = `${party} is no party of ${payload.id}: its parties are ${payload.parties.join(', ')}`;
  throw new CliError('not_a_party', message, 'Sign with the configuration of one of them, or correct the text before anybody signs.');
}

async function refuseExisting(out: string): Promise<void> {
  const exists = await access(out).then(
    () => true,
    () => false,
  );
  if (exists)
    throw new CliError('already_there', `${out} is there already`, 'Sign that file if it is this agreement; or name another with --out.', {
      file: out,
    });
}

function signed(payload: AgreementPayload, signers: string[], file: string, words: string): Outcome {
  const missing = payload.parties.filter((party) => !signers.includes(party));
  const next =
    missing.length === 0 ? 'All parties have signed: `entente agreement load` at each of them.' : `Still to sign: ${missing.join(', ')}.`;
  return { result: { file, id: payload.id, version: payload.version, signed_by: signers, missing }, words: [words, next] };
}

async function loadFile(options: ConnectionOptions, file: string): Promise<Outcome> {
  const { jws } = await readAgreement(file);
  if (jws === undefined) {
    throw new CliError('agreement_invalid', `${file} has no signatures`, 'Every party signs it first: `entente agreement sign`.', { file });
  }
  const { data } = await (await connect(options, 'ADMIN')).POST('/v1/agreements', { body: JSON.parse(jws) });
  return {
    result: { ...data },
    words: [`The node holds ${data?.id} version ${data?.version} now, signed by ${data?.signed_by.join(', ')}.`],
  };
}

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
