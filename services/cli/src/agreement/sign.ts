import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type PrivateJwk, SealError, signAgreement } from '@entente/seal';
import { nodeSigner } from '@entente/seal/node';
import type { Act, CommonOptions } from '../command.js';
import { readConfiguration } from '../configuration-file.js';
import { CliError } from '../failure.js';
import { parseJson, readText, replaceFile } from '../files.js';
import type { Outcome } from '../outcome.js';
import { type AgreementPayload, invalidAgreement, readAgreement } from './file.js';

interface SignOptions extends CommonOptions {
  key?: string;
  party?: string;
  out?: string;
}

/** `entente agreement sign FILE`. Signing again changes nothing. */
export const signAgreementFile: Act<SignOptions> = async (options, [file = '']) => {
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
};

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
