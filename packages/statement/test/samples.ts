import { type JsonObject, type Kind, kinds, type OpenClaims, type StatementInput } from '../src/index.js';
import alertSample from './sample-alert.json' with { type: 'json' };
import sightingSample from './sample-sighting.json' with { type: 'json' };

export const alert: Kind = kinds.get('alert')!;
export const sighting: Kind = kinds.get('sighting')!;

/** Fresh copies, to be changed at will. */
export const sampleAlert = (): StatementInput => structuredClone(alertSample) as StatementInput;
export const sampleSighting = (): StatementInput => structuredClone(sightingSample) as StatementInput;

/** Of any kind: its sample, or the example that it publishes. */
export const sampleOf = (kind: Kind): StatementInput =>
  kind === alert ? sampleAlert() : kind === sighting ? sampleSighting() : structuredClone(kind.example);

/** The sample with its body changed; a member set to undefined goes. */
export function alertWith(change: Record<string, unknown>, envelope: Partial<StatementInput> = {}): StatementInput {
  const sample = sampleAlert();
  const members = Object.entries({ ...sample.body, ...change }).filter(([, value]) => value !== undefined);
  return { ...sample, ...envelope, body: Object.fromEntries(members) as JsonObject };
}

/** The open claims under which a sample arrives. */
export function claimsOf(input: StatementInput): OpenClaims {
  const { kind, lang, exercise, handling, legal_basis } = input;
  const seconds = (time: string) => Date.parse(time) / 1000;
  return {
    iss: 'https://nl-cus.example',
    iat: seconds(input.valid_from),
    jti: 'urn:uuid:018f6d2e-7c10-7b1a-9c55-3f0d6a0b1c01',
    kind,
    ver: '1.0',
    exercise,
    lang,
    valid_from: seconds(input.valid_from),
    valid_until: seconds(input.valid_until),
    handling,
    legal_basis,
    _sd_alg: 'sha-256',
  };
}

/** A natural person with everything that V05 asks for; the party P9. */
export const person = (more: JsonObject = {}): JsonObject => ({
  id: 'P9',
  party_kind: 'NATURAL',
  roles: ['DIRECTOR'],
  names: [{ value: 'Ilse Demopoulos', type: 'PRIMARY' }],
  confidence: 'PROBABLE',
  subject_category: 'SUSPECT',
  ...more,
});
export const justified = { entry_threshold_statement: 'Signed the end-user certificate that is in doubt.', review_by: '2026-03-16' };
