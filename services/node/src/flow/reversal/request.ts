/** An officer recalls or corrects a statement of this node: a statement of its own, to every node to which the target was released. */
import { afterTerm, codeList, deadlineOf, partHolding, type StatementInput } from '@entente/statement';
import type { Digest, StatementRecord, Store } from '@entente/store';
import type { Actor, IssueActs, ReversalActs, ReversalRequest } from '../../agency/acts.js';
import { when } from '../../agency/shapes.js';
import { Problem } from '../../problem.js';
import { allDisclosures } from '../disclosures.js';
import type { IssueDeps } from '../issue.js';
import { reopened } from '../reopened.js';
import type { SingleReleaseEnd } from '../single-release/alone.js';
import { kindNamed } from '../validated.js';
import { addresseesOf } from './holders.js';
import { usableTexts } from './rest.js';

export interface RequestDeps extends Pick<IssueDeps, 'content' | 'directory' | 'consents' | 'now'> {
  store: Pick<Store, 'statement' | 'releasesOf' | 'content' | 'reversalsOf'>;
  issue: Pick<IssueActs, 'post'>;
}

type Request = ReversalRequest & { ends?: SingleReleaseEnd };

export interface ReversalRequests extends Pick<ReversalActs, 'recall' | 'correct'> {
  /** What one officer released alone and nobody has confirmed goes back as sent in error, at once. */
  recallUnconfirmed(ends: SingleReleaseEnd, by: Actor): Promise<unknown>;
}

/** Long enough for whoever comes back late, and within what the kinds allow. */
const VALID_SECONDS = 10 * 365 * 86_400;

export function createReversalRequests(deps: RequestDeps): ReversalRequests {
  async function own(statement: Digest): Promise<StatementRecord> {
    const record = await deps.store.statement(statement);
    if (!record) throw new Problem('not_found', 'there is no such statement here');
    if (!record.own) throw new Problem('not_originator', 'only the originator of a statement recalls or corrects it');
    return record;
  }

  async function post(
    request: Request,
    target: StatementRecord,
    kind: 'recall' | 'correction',
    type: string,
    deadline: string,
    body: object,
  ) {
    const { reason, complyBy, derivatives, explanation, follows, by, idempotency, ends } = request;
    if (follows !== undefined) await assertAsks(follows, target);
    const claims = target.claims as Pick<StatementInput, 'handling' | 'legal_basis' | 'lang'>;
    const input = {
      kind,
      lang: claims.lang,
      exercise: target.exercise,
      valid_from: when(deps.now()),
      valid_until: when(deps.now() + VALID_SECONDS),
      handling: claims.handling,
      legal_basis: claims.legal_basis,
      rel: [{ type, of: target.digest }, ...(follows === undefined ? [] : [{ type: 'replies_to', of: follows }])],
      body: {
        reason,
        comply_by: complyBy ?? when(afterTerm(deps.now(), deadlineOf(deadline))),
        applies_to_derivatives: derivatives,
        ...(explanation && { explanation: explanation.text, narrative_class: explanation.data_class }),
        ...body,
      },
    } as StatementInput;
    const addressees = await addresseesOf(deps, kindNamed(kind), input, []);
    if (addressees.length === 0) throw new Problem('nothing_released', 'this was released to nobody who can be reached');
    return await deps.issue.post({ input, addressees, by, ...(idempotency && { idempotency }), ...(ends && { ends }) });
  }

  /** Whether a holder's question is about this statement. */
  async function assertAsks(question: Digest, target: StatementRecord): Promise<void> {
    const record = await deps.store.statement(question);
    const asks = record?.kind === 'consent_request' && (await deps.consents.open(record)).rel.some(({ of }) => of === target.digest);
    if (!asks) throw new Problem('not_found', 'no question of a holder about this statement has this digest');
  }

  /** The disclosures that hold the fields; the same part named twice is one. */
  async function disclosuresAt(target: StatementRecord, fields: string[]) {
    const texts = await usableTexts(deps.store, target, await allDisclosures(deps, target.digest), deps.directory.findKey);
    const { kind, input, disclosures } = await reopened(deps.directory, target, texts);
    return fields.map((field) => {
      const pointer = partHolding(kind, input.body, field);
      const disclosure = disclosures.find((d) => d.pointer === pointer);
      if (!disclosure) throw new Problem('invalid_request', `${field} is no field of this statement`);
      return disclosure;
    });
  }

  return {
    recall: async (request) => {
      const target = await own(request.statement);
      const { effect, pointers, reason } = request;
      const parts = pointers && { parts: [...new Set((await disclosuresAt(target, pointers)).map(({ digest }) => digest))] };
      return await post(request, target, 'recall', 'recalls', deadlineFor(reason), { effect, ...parts });
    },
    correct: async (request) => {
      const target = await own(request.statement);
      const wrong = await disclosuresAt(
        target,
        request.changes.map(({ field }) => field),
      );
      const changes = request.changes.map((change, i) => ({
        id: `K${i + 1}`,
        part: wrong[i]!.digest,
        data_class: wrong[i]!.dataClass,
        ...change,
      }));
      return await post(request, target, 'correction', 'corrects', 'correction.default', { changes });
    },
    recallUnconfirmed: async (ends, by) => {
      const request = { statement: ends.statement, reason: 'SENT_IN_ERROR', derivatives: true, by, ends };
      return await post(request, await own(ends.statement), 'recall', 'recalls', deadlineFor(request.reason), { effect: 'ERASE' });
    },
  };
}

function deadlineFor(reason: string): string {
  const deadline = codeList('recall-reason').codes.find(({ code }) => code === reason)?.deadline;
  if (typeof deadline !== 'string') throw new Problem('invalid_request', `${reason} is no code of the list recall-reason`);
  return deadline;
}
