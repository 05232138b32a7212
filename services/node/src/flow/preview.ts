/** What partners would see, before anything is sealed: the same decision as the release itself. */
import { explain } from '@entente/policy';
import { type Finding, type StatementInput, validateDraft } from '@entente/statement';
import type { DraftInput, PreviewBody } from '../agency/acts.js';
import { Problem } from '../problem.js';
import { type DecideDeps, type Decided, decideFor, type NamedReaders } from './decide.js';
import { kindNamed } from './validated.js';

/** For these partners, else for every active one. Throws `unknown_kind`, and `invalid_statement` where the rules have nothing to go by. */
export async function previewOf(
  deps: DecideDeps,
  { input, addressees, readers }: { input: DraftInput; addressees: string[]; readers?: NamedReaders[] },
): Promise<PreviewBody[]> {
  const kind = kindNamed(input.kind);
  const wanting = validateDraft(kind, input).filter(isNeeded);
  if (wanting.length > 0) {
    throw new Problem('invalid_statement', 'the rules need exercise, times and handling; and what is there must be well formed', {
      findings: wanting,
    });
  }
  const judged = { rel: [], legal_basis: [], body: {}, ...input } as unknown as StatementInput;
  const partners = addressees.length > 0 ? addressees : deps.directory.active().map(({ id }) => id);
  return (await decideFor(deps, kind, judged, partners, { readers: readers ?? [] })).map(previewed);
}

/** A draft may lack what its officer has not decided yet, but for what every rule asks for. What is there has the form of its kind. */
const isNeeded = ({ level, id, pointer }: Finding): boolean =>
  (level === 'reject' && id === 'schema') || (level === 'open' && /^\/(exercise|valid_until|handling)(\/|$)/.test(pointer));

function previewed({ addressee, decision }: Decided): PreviewBody {
  const explained = explain(decision);
  if (!explained.permitted) return { addressee, ...explained, parts: [] };
  const { agreement, secondOfficer, parts, terms } = explained;
  const { retain_until, reply_by, ...rest } = terms;
  return {
    addressee,
    permitted: true,
    release: secondOfficer ? 'second_officer' : 'automatic',
    agreement,
    terms: { ...rest, retain_until: when(retain_until), ...(reply_by === undefined ? {} : { reply_by: when(reply_by) }) },
    parts: parts.map(({ pointer, dataClass, released, rule, reason }) => ({
      pointer,
      data_class: dataClass,
      shown: released,
      rule,
      reason,
    })),
  };
}

const when = (seconds: number): string => new Date(seconds * 1000).toISOString();
