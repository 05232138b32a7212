/** Attachments for people: taken in before a statement names them, listed with what came of them, given out with the content. */
import { Readable } from 'node:stream';
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import type { Attachments } from '../flow/attachments.js';
import { livingReleases } from '../flow/disclosures.js';
import { attachmentsIn, type NamedAttachment } from '../flow/named-attachments.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';
import { purposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { Actor } from './acts.js';
import { type ContentDeps, contentOf } from './content.js';
import { closed, digest, digestParameter, listOf, notHere, present } from './shapes.js';

const sha256 = digest('The bytes.');
const tags = ['Attachments'];
/** A sender that neither writes nor reads for so long is let go. */
const IDLE_MS = 5 * 60_000;
/** One that was refused reads the answer only when it has sent what it has; it has so long for it. */
const REST_MS = 30_000;

function letGo(body: Readable): void {
  if (body.destroyed) return; // and it will not close a second time
  const timer = setTimeout(() => body.destroy(), REST_MS);
  body.once('close', () => clearTimeout(timer)).resume();
}

const listed = Type.Object(
  {
    id: Type.String({ examples: ['A1'] }),
    sha256,
    media_type: Type.String({ examples: ['image/jpeg'] }),
    bytes: Type.Integer(),
    title: Type.String(),
    data_class: Type.String({ examples: ['P1'] }),
    caveat: Type.Optional(Type.String()),
    state: Type.Enum(['here', 'coming', 'refused']),
    here: Type.Integer({ description: 'Bytes that are here.' }),
    code: Type.Optional(Type.String({ description: 'Why it was refused.', examples: ['attachment_mismatch'] })),
  },
  { description: 'An attachment that the statement names, as far as it was disclosed.' },
);

export function attachmentRoutes(
  app: App,
  deps: ContentDeps & { store: ContentDeps['store'] & Pick<Store, 'statement' | 'attachmentUses' | 'commit'>; attachments: Attachments },
): void {
  const { store, attachments } = deps;

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    (scope as App).put(
      '/v1/attachments/:sha256',
      {
        config: { permission: 'statement.post', streams: true },
        schema: {
          operationId: 'putAttachment',
          summary: 'Take in an attachment',
          description:
            'The bytes, before a statement names them by their SHA-256. The type is that of the header content-type, one of the list `media-type`, and the bytes must look like it. What no statement has named after a day is destroyed.',
          tags,
          params: Type.Object({ sha256 }, closed),
          consumes: ['application/octet-stream'],
          body: Type.Unsafe<Readable>({ description: 'The bytes as they are.' }),
          response: responses(
            { 200: Type.Object({ sha256, bytes: Type.Integer() }, { description: 'It is here.' }) },
            { codes: ['attachment_mismatch', 'media_type_mismatch', 'too_large', 'conflict', 'unsupported_media_type'] },
          ),
        },
      },
      async (request) => {
        const body = request.body as Readable | undefined;
        const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
        if (!body || mediaType === undefined) throw new Problem('unsupported_media_type', 'send the bytes with their media type');
        request.raw.setTimeout(IDLE_MS, () => request.raw.destroy());
        const announced = Number(request.headers['content-length'] ?? 0);
        const { bytes } = await attachments
          .put({ sha256: request.params.sha256, mediaType, announced, body: body.iterator({ destroyOnReturn: false }) })
          .catch((error) => {
            letGo(body);
            throw error;
          });
        await store.commit({ access: [accessEntry(request.actor, 'COLLECT', { object: `attachment ${request.params.sha256}` })] });
        return { sha256: request.params.sha256, bytes };
      },
    );
  });

  app.get(
    '/v1/statements/:digest/attachments',
    {
      config: { permission: 'statement.read', content: true },
      schema: {
        operationId: 'listAttachments',
        summary: 'Attachments of a statement',
        description: 'Those that were disclosed for this purpose, with their data class and whether their bytes are here.',
        tags,
        params: digestParameter,
        headers: Type.Object(purposeHeaders),
        response: responses(
          { 200: listOf(listed, 'Attachments.') },
          { content: true, codes: ['not_found', 'reader_not_named', 'recalled'] },
        ),
      },
    },
    async (request) => {
      const named = await namedIn(request.params.digest, request.actor);
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: request.params.digest })] });
      const uses = await usesOf(request.params.digest);
      return { items: named.map((one) => described(one, uses)) };
    },
  );

  app.get(
    '/v1/statements/:digest/attachments/:sha256',
    {
      config: { permission: 'statement.read', content: true },
      schema: {
        operationId: 'getAttachment',
        summary: 'Bytes of an attachment',
        description: 'As a stream, for the purpose named in the headers; the read is in the access log before it is answered.',
        tags,
        params: Type.Object({ digest: digest('The statement.'), sha256 }, closed),
        headers: Type.Object(purposeHeaders),
        response: responses(
          {
            200: {
              description: 'The bytes.',
              content: { 'application/octet-stream': { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) } },
            } as never,
          },
          { content: true, codes: ['not_found', 'reader_not_named', 'recalled'] },
        ),
      },
    },
    async (request, reply) => {
      const { digest, sha256 } = request.params;
      const named = (await namedIn(digest, request.actor)).find((one) => one.sha256 === sha256);
      if (!named || !(await attachments.isHere(sha256))) throw notHere('attachment');
      await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: `attachment ${sha256} of ${digest}` })] });
      return reply
        .header('content-type', 'application/octet-stream') // what a partner sent is nothing for a browser to open
        .header('content-length', named.bytes)
        .header('content-disposition', 'attachment')
        .send(Readable.from(attachments.read(sha256, { from: 0, to: named.bytes - 1 }), { objectMode: false }) as never);
    },
  );

  async function namedIn(digest: string, by: Actor): Promise<NamedAttachment[]> {
    const record = await store.statement(digest);
    if (!record) throw notHere('statement');
    return attachmentsIn((await contentOf(deps, record, by)).body);
  }

  /** Of an own statement, or of all releases under which it may be used. */
  async function usesOf(digest: string) {
    const refs = [digest, ...(await livingReleases(deps, digest)).map((release) => release.digest)];
    return (await Promise.all(refs.map((ref) => store.attachmentUses(ref)))).flat();
  }

  function described(named: NamedAttachment, uses: Awaited<ReturnType<typeof usesOf>>) {
    const own = uses.filter(({ name }) => Buffer.compare(name, attachments.nameOf(named.sha256)) === 0);
    const [use] = own;
    const state: 'here' | 'coming' | 'refused' =
      use?.state === 'complete' ? 'here' : own.some(({ code }) => code === undefined) ? 'coming' : 'refused';
    return { ...named, state, here: use?.here ?? 0, ...present({ code: state === 'refused' ? own[0]?.code : undefined }) };
  }
}
