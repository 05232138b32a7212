/** A holder's signed answer to a recall or correction, to those from whom it came. */
import type { StatementInput } from '@entente/statement';
import type { ReversalRecord, Store } from '@entente/store';
import type { Actor, IssueActs } from '../../agency/acts.js';
import { when } from '../../agency/shapes.js';
import { Problem } from '../../problem.js';

export interface ComplyDeps {
  store: Pick<Store, 'statement' | 'receivedOf'>;
  issue: Pick<IssueActs, 'post'>;
  now: () => number;
}

/** `provision` and `kept_until` where the law keeps this node from erasing. */
export interface Compliance {
  outcome: string;
  derived: number;
  /** Agencies to which this one passed it on and that it has told. */
  informed?: number;
  exception?: { instrument: string; provision: string; keptUntil: string };
}

const YEAR = 365 * 86_400;

/** Throws `nothing_released` where it cannot be sent now. */
export async function comply(
  deps: ComplyDeps,
  { statement }: ReversalRecord,
  { outcome, derived, informed = 0, exception }: Compliance,
  by: Actor,
): Promise<void> {
  const record = await deps.store.statement(statement);
  const from = (await deps.store.receivedOf(statement)).map((release) => release.from);
  if (!record || from.length === 0) throw new Problem('not_found', 'no partner has sent this recall');
  const { handling, legal_basis } = record.claims as Pick<StatementInput, 'handling' | 'legal_basis'>;
  const now = deps.now();
  const input: StatementInput = {
    kind: 'compliance',
    lang: 'en',
    exercise: record.exercise,
    valid_from: when(now),
    valid_until: when(now + YEAR),
    handling,
    legal_basis,
    rel: [{ type: 'replies_to', of: statement }],
    body: {
      outcome,
      done_at: when(now),
      derived_corrected: derived,
      onward_informed: informed,
      ...(exception && {
        provision: { instrument: exception.instrument, provision: exception.provision },
        kept_until: exception.keptUntil,
      }),
    },
  };
  const keptUntil = exception && { keptUntil: Math.floor(Date.parse(exception.keptUntil) / 1000) };
  const addressees = from.includes(record.iss) ? [record.iss] : [from[0]!];
  await deps.issue.post({ input, addressees, by, answers: { reversal: statement, outcome, ...keptUntil } });
}
