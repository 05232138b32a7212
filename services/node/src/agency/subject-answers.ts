/** What is said to a person who asked what is held about him: composed by one officer, confirmed by another. */
import { Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import type { SubjectActs } from './subject-acts.js';
import { composed, parameter } from './subject-shapes.js';

const tags = ['Data subjects'];

export function subjectAnswerRoutes(app: App, { subjects }: { subjects: Pick<SubjectActs, 'compose' | 'confirm'> }): void {
  app.put(
    '/v1/subject-requests/:id/answer',
    {
      config: { permission: 'subject.handle' },
      schema: {
        operationId: 'composeSubjectAnswer',
        summary: 'Compose the answer',
        description:
          'It says no more than each originator lets be said, and waits for every one that is asked: `conflict` says in words what is missing. A second person confirms it.',
        tags,
        params: parameter,
        body: composed,
        response: responses(
          { 204: Type.Null({ description: 'It waits for a second person.' }) },
          { body: true, codes: ['not_found', 'conflict', 'version_conflict'] },
        ),
      },
    },
    async (request, reply) => {
      const { discloses = [], ...said } = request.body;
      await subjects.compose({ id: request.params.id, answer: { ...said, discloses }, by: request.actor });
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/v1/subject-requests/:id/answer/confirmation',
    {
      config: { permission: 'subject.confirm' },
      schema: {
        operationId: 'confirmSubjectAnswer',
        summary: "Confirm another officer's answer",
        description:
          'It is given. Whether it may be said is asked again; each statement of which he is told stands in the access log as disclosed.',
        tags,
        params: parameter,
        response: responses(
          { 204: Type.Null({ description: 'The request is answered.' }) },
          { codes: ['not_found', 'conflict', 'same_person', 'version_conflict'] },
        ),
      },
    },
    async (request, reply) => {
      await subjects.confirm({ id: request.params.id, by: request.actor });
      return reply.status(204).send(null);
    },
  );
}
