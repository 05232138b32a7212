/** What is found for a person: searched for, compared by hand, and its originator asked what he may be told. */
import type { Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import { type FindingDeps, foundFor } from '../flow/subject/findings.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { purposeHeaders } from '../purpose.js';
import { closed, time } from './shapes.js';
import type { SubjectActs } from './subject-acts.js';
import { finding, findingOf, findingParameter, parameter } from './subject-shapes.js';

const tags = ['Data subjects'];

export interface SubjectFindingDeps extends FindingDeps {
  store: FindingDeps['store'] & Pick<Store, 'subjectRequest'>;
  subjects: Pick<SubjectActs, 'search' | 'compare' | 'refer'>;
}

export function subjectFindingRoutes(app: App, deps: SubjectFindingDeps): void {
  const { store, subjects, now } = deps;

  app.post(
    '/v1/subject-requests/:id/search',
    {
      config: { permission: 'subject.handle', content: true },
      schema: {
        operationId: 'searchForSubject',
        summary: 'Search for the person',
        description:
          'For his names and numbers, in what may be used for the purpose named in the headers; for another purpose, search again. What is found is linked to the request: somebody must compare it. The access log has the request, the purpose and the reason, never the names.',
        tags,
        params: parameter,
        headers: Type.Object(purposeHeaders),
        response: responses(
          { 200: Type.Object({ found: Type.Integer({ description: 'How many statements.' }) }, { description: 'It is done.' }) },
          { content: true, codes: ['not_found', 'conflict', 'version_conflict'] },
        ),
      },
    },
    async (request) => ({ found: await subjects.search({ id: request.params.id, by: request.actor }) }),
  );

  app.put(
    '/v1/subject-requests/:id/findings/:digest',
    {
      config: { permission: 'subject.handle' },
      schema: {
        operationId: 'compareSubjectFinding',
        summary: 'Say whether what was found is about him',
        description: 'A search finds names; only a person tells a namesake.',
        tags,
        params: findingParameter,
        body: Type.Object({ concerns: Type.Boolean({ description: 'It is about him.' }) }, closed),
        response: responses({ 200: finding }, { body: true, codes: ['not_found', 'conflict', 'version_conflict'] }),
      },
    },
    async (request) => {
      const { id, digest: statement } = request.params;
      await subjects.compare({ id, statement, concerns: request.body.concerns, by: request.actor });
      return await shown(id, statement);
    },
  );

  app.post(
    '/v1/subject-requests/:id/findings/:digest/referral',
    {
      config: { permission: 'subject.handle' },
      schema: {
        operationId: 'referSubjectRequest',
        summary: 'Ask the originator what he may be told',
        description:
          'By a signed statement of the kind `consent_request`. Who he is goes along where an agreement grants personal data; then a second officer releases it. Silence is no consent. Where no rule lets the originator be asked, that is noted, and nothing of the statement is told.',
        tags,
        params: findingParameter,
        body: Type.Object(
          { reply_by: Type.Optional(time('When the question lapses. What consents usually take, within the legal time, unless told.')) },
          closed,
        ),
        response: responses(
          { 200: finding },
          {
            body: true,
            codes: ['not_found', 'conflict', 'invalid_statement', 'rules_changed'],
          },
        ),
      },
    },
    async (request) => {
      const { id, digest: statement } = request.params;
      const { reply_by } = request.body;
      await subjects.refer({ id, statement, ...(reply_by !== undefined && { replyBy: reply_by }), by: request.actor });
      return await shown(id, statement);
    },
  );

  async function shown(id: string, statement: string): Promise<Static<typeof finding>> {
    const request = (await store.subjectRequest(id))!;
    return findingOf((await foundFor(deps, request)).find((found) => found.statement === statement)!, now());
  }
}
