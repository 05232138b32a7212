/** The originator decides what a person is told of its statement: it is asked by a signed request for consent. docs/protocol.md section 8. */
import { afterTerm, deadlineOf, type JsonObject, text } from '@entente/statement';
import type { Store, SubjectRequestRecord } from '@entente/store';
import { accessEntry } from '../../agency/access.js';
import type { Actor, IssueActs, ReleaseOutcome } from '../../agency/acts.js';
import { when } from '../../agency/shapes.js';
import type { SubjectActs } from '../../agency/subject-acts.js';
import type { ContentKeys } from '../../content-keys.js';
import type { Directory } from '../../peers/directory.js';
import { Problem } from '../../problem.js';
import { statementAbout } from '../consent-inputs.js';
import { openFile, type SubjectFile, subjectRef } from './file.js';
import { type FindingDeps, type Found, foundFor } from './findings.js';
import { openRequest } from './register.js';

export interface ReferDeps extends FindingDeps {
  store: FindingDeps['store'] & Pick<Store, 'subjectRequest' | 'commit'>;
  content: Pick<ContentKeys, 'open'>;
  directory: Pick<Directory, 'peer'>;
  issue: Pick<IssueActs, 'post'>;
}

export function createReferral(deps: ReferDeps): SubjectActs['refer'] {
  const { store, content, now } = deps;

  async function ask(request: SubjectRequestRecord, { record }: Found, replyBy: string, by: Actor): Promise<string | undefined> {
    if (deps.directory.peer(record.iss)?.state !== 'active') return 'no_active_partner';
    const input = statementAbout(record, 'consent_request', {
      now: now(),
      validUntil: replyBy,
      rel: [{ type: 'replies_to', of: record.digest }],
      body: questionOf(request.right, openFile(content, request), replyBy),
    });
    try {
      await deps.issue.post({ input, addressees: [record.iss], by, refers: { request: request.id, statement: record.digest } });
      return undefined;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'nothing_released') throw error;
      return (error.members.releases as ReleaseOutcome[])[0]!.rule ?? 'nothing_released';
    }
  }

  return async ({ id, statement, replyBy, by }) => {
    const request = await openRequest(store, id);
    const found = (await foundFor(deps, request)).find((one) => one.statement === statement);
    if (!found) throw new Problem('not_found', 'this statement was not found for this request');
    if (!mayBeAsked(found)) throw new Problem('conflict', `its originator is not asked: it is ${found.telling}`);
    if (replyBy !== undefined && Date.parse(replyBy) / 1000 <= now()) throw new Problem('invalid_request', 'reply_by has passed');
    const unreachable = await ask(request, found, replyBy ?? when(replyTime(request, now())), by);
    if (unreachable === undefined) return;
    await store.commit({
      subjectFindings: [{ request: id, statement, unreachable, referredBy: by.pseudonym }],
      access: [accessEntry(by, 'ALTER', { object: subjectRef(id), code: 'unreachable' })],
    });
  };
}

/** Also again, where it could not be asked or did not answer. */
const mayBeAsked = ({ telling, consultation }: Found): boolean =>
  telling === 'to_be_referred' || (telling === 'not_to_be_told' && (consultation === 'UNREACHABLE' || consultation === 'LAPSED'));

/** What consents usually take, and so that the answer to the person is still in time. */
function replyTime({ dueAt }: SubjectRequestRecord, now: number): number {
  const usual = afterTerm(now, deadlineOf('consent.normal'));
  return dueAt > now ? Math.min(usual, dueAt) : usual;
}

/** Who he is, and what he says, goes only where an agreement grants personal data; then a second officer releases it. */
const questionOf = (right: string, { subject, asks }: SubjectFile, replyBy: string): JsonObject => ({
  consent_kind: 'DISCLOSE_TO_SUBJECT',
  why: text('subject.why'),
  subject: [...subject.names, subject.birth_date ?? [], (subject.identifiers ?? []).map(({ scheme, value }) => `${scheme} ${value}`)]
    .flat()
    .join('; ')
    .slice(0, 500),
  right,
  claim: asks,
  reply_by: replyBy,
});
