/** What a recipient fetches of the attachments that a release to it discloses: by range, so that it can go on after an interruption. */
import { Readable } from 'node:stream';
import { digestOf, openStatement } from '@entente/seal';
import { kindOf, unfold } from '@entente/statement';
import type { ReleaseRecord, Store } from '@entente/store';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { isRecalled } from '../agency/states.js';
import type { ContentKeys } from '../content-keys.js';
import type { Attachments } from '../flow/attachments.js';
import { heldTexts } from '../flow/disclosures.js';
import { attachmentsIn, type NamedAttachment } from '../flow/named-attachments.js';
import { usableTexts } from '../flow/reversal/rest.js';
import type { Directory } from '../peers/directory.js';
import { Problem } from '../problem.js';

const params = Type.Object(
  { jti: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }), sha256: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) },
  { additionalProperties: false },
);
/** Longest piece of one answer. */
const PIECE_BYTES = 4 * 1024 * 1024;

export function federationAttachmentRoutes(
  app: FastifyInstance,
  deps: {
    store: Pick<Store, 'releaseByJti' | 'statement' | 'content' | 'contentRefs' | 'receivedByDigest' | 'reversalsOf'>;
    attachments: Attachments;
    content: ContentKeys;
    directory: Pick<Directory, 'findKey'>;
    now: () => number;
  },
): void {
  app.get<{ Params: Static<typeof params> }>(
    '/federation/v1/releases/:jti/attachments/:sha256',
    { schema: { params } },
    async (request, reply) => {
      const { jti, sha256 } = request.params;
      const release = await deps.store.releaseByJti(request.peer, jti);
      const named = release && (await disclosedBy(release, sha256));
      if (!named || !(await deps.attachments.isHere(sha256))) throw new Problem('not_found', 'there is no such attachment for this node');
      const { from, to } = rangeOf(request.headers.range, named.bytes);
      return reply
        .status(206)
        .header('content-type', 'application/octet-stream')
        .header('content-range', `bytes ${from}-${to}/${named.bytes}`)
        .header('content-length', to + 1 - from)
        .send(Readable.from(deps.attachments.read(sha256, { from, to }), { objectMode: false }));
    },
  );

  /** Only with the release that discloses it, and only while that may still be used and its originator has not recalled it. */
  async function disclosedBy(release: ReleaseRecord, sha256: string): Promise<NamedAttachment | undefined> {
    const record = await deps.store.statement(release.statement);
    const kind = record && kindOf(record.kind, record.ver);
    if (!record || !kind || release.state === 'void' || release.retainUntil <= deps.now()) return undefined;
    if (isRecalled(record)) return undefined;
    const disclosed = new Set(release.disclosed);
    const held = (await heldTexts(deps, release.statement)).filter((text) => disclosed.has(digestOf(text)));
    const texts = await usableTexts(deps.store, record, held, deps.directory.findKey);
    const { body } = await openStatement(record.jwt, texts, deps.directory.findKey);
    return attachmentsIn(unfold(kind, body)).find((named) => named.sha256 === sha256);
  }
}

/** RFC 9110 14.1.2, one range with both ends: the recipient knows the size from the statement. */
function rangeOf(header: string | undefined, bytes: number): { from: number; to: number } {
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header ?? '');
  const [from, to] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || from > to || to >= bytes || to - from >= PIECE_BYTES)
    throw new Problem('invalid_request', `ask for a range of at most ${PIECE_BYTES} bytes within the attachment`);
  return { from, to };
}
