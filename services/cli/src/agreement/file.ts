import { type Json, parseStrict, SealError } from '@entente/seal';
import { CliError } from '../failure.js';
import { readText } from '../files.js';

/** An agreement as a file holds it: the payload alone, or the payload with signatures (JWS General JSON). Nothing here is verified. */
export interface AgreementFile {
  file: string;
  /** The JWS as it stands, when the file holds one. */
  jws: string | undefined;
  payload: AgreementPayload;
  /** Who claims to have signed. */
  signers: string[];
}

/** The members that are shown; docs/protocol.md section 8. */
export interface AgreementPayload {
  [member: string]: Json;
  id: string;
  version: number;
  title: string;
  parties: string[];
}

type JsonMembers = { [member: string]: Json };

export async function readAgreement(file: string): Promise<AgreementFile> {
  const text = await readText(file, 'agreement');
  return unlessMalformed(file, () => {
    const members = object(parseStrict(text));
    if (!Array.isArray(members.signatures)) return { file, jws: undefined, payload: payloadOf(members), signers: [] };
    const payload = payloadOf(object(decoded(members.payload)));
    return { file, jws: text.trim(), payload, signers: members.signatures.map(signerOf) };
  });
}

/** Turns what the seal finds wrong into words about the file. */
export function unlessMalformed<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof SealError ? invalidAgreement(file, error) : error;
  }
}

export function invalidAgreement(file: string, error: SealError): CliError {
  return new CliError(
    'agreement_invalid',
    `${file} is no valid agreement: ${error.message}`,
    'The form is in docs/protocol.md section 8.',
    {
      file,
      reason: error.code,
    },
  );
}

function payloadOf(members: JsonMembers): AgreementPayload {
  const { id, version, title, parties } = members;
  const named = Array.isArray(parties) && parties.every((party) => typeof party === 'string');
  if (typeof id !== 'string' || typeof version !== 'number' || typeof title !== 'string' || !named) {
    throw new SealError('bad_agreement', 'id, version, title, parties');
  }
  return members as AgreementPayload;
}

function signerOf(signature: Json): string {
  const { party } = object(decoded(object(signature).protected));
  if (typeof party !== 'string') throw new SealError('bad_agreement', 'party');
  return party;
}

function decoded(part: Json | undefined): Json {
  if (typeof part !== 'string') throw new SealError('malformed', 'not a JWS');
  return parseStrict(Buffer.from(part, 'base64url').toString('utf8'));
}

function object(value: Json | undefined): JsonMembers {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SealError('malformed', 'not a JSON object');
  return value;
}
