/** The agreement that the agencies of the trial share, signed by each with its own federation key. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PrivateJwk, signAgreement } from '@entente/seal';
import { nodeSigner } from '@entente/seal/node';
import type { Agency } from './agency.js';

/** Payload as in docs/protocol.md section 8. */
export type AgreementPayload = Record<string, unknown> & { parties: string[] };

/** JWS General JSON with the signature of every party. */
export async function signedByAll(payload: AgreementPayload, agencies: Agency[]): Promise<string> {
  let jws: string | undefined;
  for (const party of payload.parties) {
    const agency = agencies.find((a) => a.id === party);
    if (!agency) throw new Error(`${party} takes no part in this trial`);
    jws = await signAgreement(jws ?? payload, { party, signer: nodeSigner(await federationKey(agency)) });
  }
  return jws as string;
}

const federationKey = async (agency: Agency): Promise<PrivateJwk> =>
  JSON.parse(await readFile(join(agency.folder, 'secrets', 'keys', 'federation.json'), 'utf8')) as PrivateJwk;
