/** The least that two agencies need to exchange something: an agreement that grants sightings at once, and sightings. */
import { kinds, type StatementInput } from '@entente/statement';
import type { AgreementPayload } from './agreement.js';
import type { Member } from './federation.js';
import { until } from './until.js';

let arrangements = 0;
export const seconds = (): number => Math.floor(Date.now() / 1000);

/** Everybody may send everybody sightings without personal or commercial data, at once. */
export function arrangement(parties: string[], change: Record<string, unknown> = {}): AgreementPayload {
  arrangements += 1;
  const now = seconds();
  return {
    id: `urn:entente:agreement:arranged-${arrangements}`,
    version: 1,
    title: 'Arrangement for trying',
    instrument: 'MOU-TRIAL',
    parties,
    effective: now - 86_400,
    expires: now + 86_400,
    grants: [
      {
        from: parties,
        to: parties,
        kinds: ['sighting'],
        classes: ['N0', 'N1'],
        purposes: ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION'],
        handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'NONE' },
        retention_days: 30,
        onward: 'originator_consent',
        release: 'automatic',
      },
    ],
    grace_hours: 1,
    ...change,
  };
}

const example = kinds.get('sighting')!.example;

/** Of now, with `differences` to tell one from another. */
export function sighting(differences: string, body: Record<string, unknown> = {}): StatementInput {
  const at = (offset: number) => new Date((seconds() + offset) * 1000).toISOString().replace('.000Z', 'Z');
  return {
    ...structuredClone(example),
    valid_from: at(0),
    valid_until: at(30 * 86_400),
    body: { ...structuredClone(example.body), when: at(-3600), differences, ...body },
  } as StatementInput;
}

/** Posts it as an officer would; `key` is the Idempotency-Key. The digest of the statement. */
export async function post(member: Member, input: StatementInput, to: string[], key = `arranged-${crypto.randomUUID()}`): Promise<string> {
  const posted = await member.api.post({ statement: input as never, addressees: to }, key);
  if (!('statement' in posted)) throw new Error('it waits for a second officer');
  return posted.statement;
}

/** Waits until every addressee has signed that it holds the statement. */
export async function heldByAll(sender: Member, statement: string, patience = 30): Promise<void> {
  await until(
    `receipts for ${statement}`,
    async () => ((await sender.api.releases(statement)).every((release) => release.state === 'held') ? true : undefined),
    patience,
  );
}
