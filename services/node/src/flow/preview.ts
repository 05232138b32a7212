/** What a partner would see, before anything is sealed: the same decision as the release itself. */
import { type PartDecision, Permit } from '@entente/policy';
import type { StatementInput } from '@entente/statement';
import type { PreviewBody, PreviewPart } from '../agency/acts.js';
import { decideFor } from './decide.js';
import { kindNamed } from './validated.js';

export async function previewOf(deps: Parameters<typeof decideFor>[0], input: StatementInput, addressee: string): Promise<PreviewBody> {
  const [decided] = await decideFor(deps, kindNamed(input.kind), input, [addressee]);
  const { decision } = decided!;
  if (!(decision instanceof Permit)) {
    const { rule, code, reason } = decision;
    return { addressee, permitted: false, rule, code, reason, parts: [] };
  }
  const { retain_until, reply_by, ...terms } = decision.terms;
  return {
    addressee,
    permitted: true,
    release: decision.release,
    agreement: decision.agreement,
    terms: { ...terms, retain_until: when(retain_until), ...(reply_by === undefined ? {} : { reply_by: when(reply_by) }) },
    parts: [...decision.released.map((d) => row(d, true)), ...decision.withheld.map((d) => row(d, false))],
  };
}

const when = (seconds: number): string => new Date(seconds * 1000).toISOString();
const row = ({ part, rule, reason }: PartDecision, shown: boolean): PreviewPart => ({
  pointer: part.pointer,
  data_class: part.dataClass,
  shown,
  rule,
  reason,
});
