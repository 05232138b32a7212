/** What an act says where no second officer stands behind it: its author releases alone, or a recall ends what nobody has confirmed. */
import type { Act, Digest, NewNotice, NewStatement, SingleReleaseDecision } from '@entente/store';
import { accessEntry } from '../../agency/access.js';
import type { Actor } from '../../agency/acts.js';
import { when } from '../../agency/shapes.js';

export type Alone = { confirmBy: number } | { ends: SingleReleaseEnd };

/** A decision that needs a recall. */
export type SingleReleaseEnd = Omit<SingleReleaseDecision, 'outcome' | 'recall'> & { outcome: 'rejected' | 'lapsed' };

export interface AloneIn {
  /** For every row that four eyes are asked of. */
  under: Pick<NewStatement, 'singleRelease'>;
  act: Pick<Act, 'singleReleases' | 'singleReleaseDecisions' | 'notices'>;
  /** Of the entry in the access log that says that it was disclosed. */
  code: { code?: string };
  access: NonNullable<Act['access']>;
}

/** @param self entity id of this node */
export function aloneIn(alone: Alone | undefined, issued: { digest: Digest; kind: string }, by: Actor, self: string): AloneIn {
  if (alone === undefined) return { under: {}, act: {}, code: {}, access: [] };
  const { digest, kind } = issued;
  if ('confirmBy' in alone) {
    const { confirmBy } = alone;
    const pending = { event: 'single_release.pending', peer: self, kind, statement: digest, code: when(confirmBy) };
    return {
      under: { singleRelease: digest },
      act: { singleReleases: [{ statement: digest, kind, officer: by.pseudonym, confirmBy }], notices: [pending] },
      code: { code: 'single_release' },
      access: [],
    };
  }
  const { statement } = alone.ends;
  return {
    under: { singleRelease: statement },
    act: { singleReleaseDecisions: [{ ...alone.ends, recall: digest }], notices: [decided(alone.ends, self)] },
    code: { code: 'not_confirmed' },
    access: [accessEntry(by, 'ALTER', { object: statement, code: alone.ends.outcome })],
  };
}

export const decided = ({ statement, outcome }: Pick<SingleReleaseDecision, 'statement' | 'outcome'>, self: string): NewNotice => ({
  event: 'single_release.decided',
  peer: self,
  statement,
  code: outcome,
});
