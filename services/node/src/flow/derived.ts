/** What a statement was made from: named by relation, and its rules inherited (domain.md 2.10.3, OC-02). */
import { laxerThanInputs, type Question, Refusal } from '@entente/policy';
import type { Finding, Handling, StatementInput } from '@entente/statement';
import type { StatementRecord, Store } from '@entente/store';
import type { Identity } from '../identity.js';
import { Problem } from '../problem.js';
import type { Consents } from './consents.js';

/** The statements that it derives from, as far as this node holds them. */
export async function inputsOf({ store }: { store: Pick<Store, 'statement'> }, input: StatementInput): Promise<StatementRecord[]> {
  const records = await Promise.all(derivedFrom(input).map(({ of }) => store.statement(of)));
  return records.filter((record) => record !== undefined);
}

const derivedFrom = (input: StatementInput) => (input.rel ?? []).filter(({ type }) => type === 'derives_from');

/** Those of other agencies, each with its originator's consent that `to` gets it. */
export async function inputsFor(
  { identity, consents }: { identity: Pick<Identity, 'id'>; consents: Pick<Consents, 'find'> },
  inputs: StatementRecord[],
  to: string,
): Promise<NonNullable<Question['inputs']>> {
  return Promise.all(
    inputs
      .filter(({ iss }) => iss !== identity.id)
      .map(async (record) => {
        const found = record.iss === to ? undefined : await consents.find(record, to);
        return { originator: record.iss, consent: found instanceof Refusal ? undefined : found?.consent };
      }),
  );
}

/** Throws `invalid_statement` where it is laxer than an input, or names one that this node does not hold. */
export async function assertInherits(deps: { store: Pick<Store, 'statement'> }, input: StatementInput): Promise<void> {
  const inputs = await inputsOf(deps, input);
  const held = new Set(inputs.map(({ digest }) => digest));
  const unknown = (input.rel ?? []).flatMap(({ type, of }, i) => (type === 'derives_from' && !held.has(of) ? [`/rel/${i}`] : []));
  const handlings = inputs.map(({ digest, claims }) => ({ digest, handling: (claims as { handling: Handling }).handling }));
  const findings: Finding[] = [
    ...unknown.map((pointer) => ({ ...rejected, pointer, message: 'This node holds no such statement to derive from.' })),
    ...laxerThanInputs(input.handling, handlings).map(({ pointer, input: of, least }) => ({
      ...rejected,
      pointer,
      message: `Laxer than ${of}, which this was made from; at least ${least}.`,
    })),
  ];
  if (findings.length > 0)
    throw new Problem('invalid_statement', findings.map(({ pointer, message }) => `${pointer}: ${message}`).join('; '), { findings });
}

const rejected = { id: 'OC-02', level: 'reject' } as const;
