/** The register of persons who ask what is held about them: who asked, by when they are answered, what was found, what is said to them. */
import type { Store } from '@entente/store';
import { type Static, Type } from 'typebox';
import type { ContentKeys } from '../content-keys.js';
import { openFile, subjectRef } from '../flow/subject/file.js';
import { type FindingDeps, foundFor } from '../flow/subject/findings.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { purposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import { closed, listOf, listQuery, notHere, pageOf, paging, present } from './shapes.js';
import type { SubjectActs } from './subject-acts.js';
import { identified, listed, listedOf, parameter, registered, whole, wholeOf } from './subject-shapes.js';

const DAY = 86_400;
const tags = ['Data subjects'];

export interface SubjectDeps extends FindingDeps {
  store: FindingDeps['store'] & Pick<Store, 'subjectRequest' | 'subjectRequests' | 'commit'>;
  content: Pick<ContentKeys, 'open'>;
  subjects: SubjectActs;
}

export function subjectRoutes(app: App, deps: SubjectDeps): void {
  const { store, subjects, now } = deps;

  app.post(
    '/v1/subject-requests',
    {
      config: { permission: 'subject.handle' },
      schema: {
        operationId: 'registerSubjectRequest',
        summary: 'Register the request of a person',
        description: 'Who asks what is held about him, or that it be set right. His legal time starts when it came in.',
        tags,
        body: registered,
        response: responses({ 201: listed }, { body: true }),
      },
    },
    async (request, reply) => {
      const { right, channel, identity, received_at, subject, asks } = request.body;
      const receivedAt = received_at === undefined ? {} : { receivedAt: Math.floor(Date.parse(received_at) / 1000) };
      const id = await subjects.register({ right, channel, identity, ...receivedAt, file: { subject, asks }, by: request.actor });
      return reply.status(201).send(await shown(id));
    },
  );

  app.get(
    '/v1/subject-requests',
    {
      config: { permission: 'subject.list' },
      schema: {
        operationId: 'listSubjectRequests',
        summary: 'List requests of persons',
        description: 'The latest first, each against its legal time; without who asks.',
        tags,
        querystring: listQuery({
          state: Type.Optional(Type.Enum(['open', 'proposed', 'answered'], { description: 'Only those that stand so.' })),
          due_within_days: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 366,
              description: 'Only those not answered whose time ends within so many days, or is over.',
            }),
          ),
        }),
        response: responses({ 200: listOf(listed, 'Requests.') }, { codes: ['bad_cursor'] }),
      },
    },
    async (request) => {
      const { state, due_within_days: days } = request.query;
      const asked = { ...paging(request.query), ...present({ state }), ...(days !== undefined && { dueBy: now() + days * DAY }) };
      const page = await store.subjectRequests(asked);
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: 'subject requests' })] });
      return pageOf(page, (record) => listedOf(record, now()));
    },
  );

  app.get(
    '/v1/subject-requests/:id',
    {
      config: { permission: 'subject.read', content: true },
      schema: {
        operationId: 'getSubjectRequest',
        summary: 'One request, with who asks and what was found',
        description: 'Each statement that was found says what may be told of it, and what its originator says.',
        tags,
        params: parameter,
        headers: Type.Object(purposeHeaders),
        response: responses({ 200: whole }, { content: true, codes: ['not_found'] }),
      },
    },
    async (request) => {
      const record = await store.subjectRequest(request.params.id);
      if (!record) throw notHere('request');
      const file = openFile(deps.content, record);
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: subjectRef(record.id) })] });
      return wholeOf(record, file, await foundFor(deps, record), now());
    },
  );

  app.put(
    '/v1/subject-requests/:id/identity',
    {
      config: { permission: 'subject.handle' },
      schema: {
        operationId: 'identifySubject',
        summary: 'Say whether the person is who he says',
        description: 'Nobody is searched for, and nothing is told, before.',
        tags,
        params: parameter,
        body: identified,
        response: responses(
          { 204: Type.Null({ description: 'It is noted.' }) },
          { body: true, codes: ['not_found', 'conflict', 'version_conflict'] },
        ),
      },
    },
    async (request, reply) => {
      await subjects.identify({ id: request.params.id, ...request.body, by: request.actor });
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/v1/subject-requests/:id/extension',
    {
      config: { permission: 'subject.handle' },
      schema: {
        operationId: 'extendSubjectRequest',
        summary: 'Extend the legal time',
        description: 'Once, before it ends, with the reason that the person is told.',
        tags,
        params: parameter,
        body: Type.Object({ reason: Type.String({ minLength: 10, maxLength: 1000 }) }, closed),
        response: responses({ 200: listed }, { body: true, codes: ['not_found', 'conflict', 'version_conflict'] }),
      },
    },
    async (request) => {
      await subjects.extend({ id: request.params.id, reason: request.body.reason, by: request.actor });
      return await shown(request.params.id);
    },
  );

  async function shown(id: string): Promise<Static<typeof listed>> {
    return listedOf((await store.subjectRequest(id))!, now());
  }
}
