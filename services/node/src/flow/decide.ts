/** Asks the policy, for each addressee, what may leave: the one place where the node puts the question. */
import { type Decision, decide, type Question } from '@entente/policy';
import { codeList, isUngranted, type Kind, layout, type StatementInput } from '@entente/statement';
import type { Store } from '@entente/store';
import type { Identity } from '../identity.js';
import type { Directory } from '../peers/directory.js';
import type { Consents } from './consents.js';
import { inputsFor, inputsOf } from './derived.js';
import { tieAbout } from './tie.js';

export interface Decided {
  addressee: string;
  decision: Decision;
}

export interface DecideDeps {
  store: Pick<Store, 'statement' | 'releasesOf' | 'receivedOf'>;
  identity: Pick<Identity, 'id' | 'published'>;
  directory: Directory;
  /** The highest classification that this node may carry. */
  ceiling: string;
  consents: Pick<Consents, 'find'>;
  now: () => number;
}

/** Who alone may read it at an addressee, by pseudonym. */
export interface NamedReaders {
  addressee: string;
  names: string[];
}

export async function decideFor(
  deps: DecideDeps,
  kind: Kind,
  input: StatementInput,
  addressees: string[],
  act: Pick<Question, 'issued_at' | 'release_act' | 'originator'> & { readers?: readonly NamedReaders[] } = {},
): Promise<Decided[]> {
  const { readers = [], ...acted } = act;
  const question = await questionFor(deps, kind, input);
  const inputs = await inputsOf(deps, input);
  return Promise.all(
    addressees.map(async (addressee) => ({
      addressee,
      decision: decide({
        ...question(addressee),
        ...acted,
        agency_type: agencyTypeOf(deps, acted.originator),
        readers: readersAt(readers, addressee),
        inputs: await inputsFor(deps, inputs, addressee),
      }),
    })),
  );
}

/** What the policy is asked about a statement, but for the addressee. */
export async function questionFor(deps: DecideDeps, kind: Kind, input: StatementInput): Promise<(to: string) => Question> {
  const { parts } = layout(kind, input);
  const targets = await targetsOf(deps.store, input);
  const tie = isUngranted(kind.name) ? await tieAbout(deps.store, input.rel ?? []) : () => undefined;
  const { handling, legal_basis, exercise, rel = [], body } = input;
  return (to) => ({
    kind: kind.name,
    parts,
    handling,
    legal_basis,
    exercise,
    valid_until: Math.floor(Date.parse(input.valid_until) / 1000),
    rel,
    relHeldBy: (of, node) => targets.get(of)?.holders.has(node) ?? false,
    relExercise: (of) => targets.get(of)?.exercise,
    relOriginator: (of) => targets.get(of)?.originator,
    tie: tie(to),
    from: deps.identity.id,
    to,
    ...linkTo(deps, to),
    agreements: deps.directory.agreements(),
    now: deps.now(),
    ...replyBy(input),
    ...(typeof body.urgency === 'string' ? { urgency: body.urgency } : {}),
    coercive: asksForCoercion(input),
  });
}

/** Of who signed it: this node, unless another is named. */
export const agencyTypeOf = (
  { identity, directory }: Pick<DecideDeps, 'identity' | 'directory'>,
  originator = identity.id,
): string | undefined => (originator === identity.id ? identity.published.agencyType : directory.peer(originator)?.agencyType);

/** What this agency lets the link carry, whatever was agreed. */
function linkTo({ directory, ceiling }: Pick<DecideDeps, 'directory' | 'ceiling'>, to: string) {
  const peer = directory.peer(to);
  if (peer?.state !== 'active') return { partner: false };
  return { partner: true, ceilings: { node: ceiling, link: peer.ceiling }, transfer_basis: peer.transferBasis };
}

const readersAt = (readers: readonly NamedReaders[], addressee: string): string[] =>
  readers.filter((named) => named.addressee === addressee).flatMap(({ names }) => names);

interface Target {
  /** As far as this node knows: the originator, who released it to this node, and those to whom this node released it. */
  holders: Set<string>;
  exercise: boolean | undefined;
  originator: string | undefined;
}

/** The statements that this one refers to. */
async function targetsOf(
  store: Pick<Store, 'statement' | 'releasesOf' | 'receivedOf'>,
  input: StatementInput,
): Promise<Map<string, Target>> {
  const digests = [...new Set((input.rel ?? []).map((relation) => relation.of))];
  return new Map(
    await Promise.all(
      digests.map(async (digest) => {
        const [statement, releases, received] = await Promise.all([
          store.statement(digest),
          store.releasesOf(digest),
          store.receivedOf(digest),
        ]);
        const holders = new Set([
          ...(statement ? [statement.iss] : []),
          ...received.map(({ from }) => from),
          ...releases.map(({ to }) => to),
        ]);
        return [digest, { holders, exercise: statement?.exercise, originator: statement?.iss }] as const;
      }),
    ),
  );
}

/** An answer is due when the statement says so; compliance is one. */
function replyBy({ body }: StatementInput): { reply_by?: number } {
  const due = body.reply_by ?? body.comply_by;
  return typeof due === 'string' ? { reply_by: Math.floor(Date.parse(due) / 1000) } : {};
}

function asksForCoercion(input: StatementInput): boolean {
  const coercive = new Set(
    codeList('action')
      .codes.filter((c) => c.coercive === true)
      .map((c) => c.code),
  );
  const actions = Array.isArray(input.body.action_requested) ? input.body.action_requested : [];
  return actions.some((action) => coercive.has(String((action as { code?: unknown })?.code)));
}
