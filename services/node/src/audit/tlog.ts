/** Both logs as C2SP tlog-tiles has them: any tool that reads tiled logs reads these, with the auditor's token. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { formatBundle, LedgerError, parseTilePath, type TileName, tileWidth } from '@entente/ledger';
import type { CheckpointRecord, LogName, Store } from '@entente/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { closed, digest, notHere } from '../agency/shapes.js';
import { responses, textAnswer } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { hashesOf, noteOf, tlogProof } from '../log/proof.js';
import { epochMember, read, tags, whole } from './shapes.js';

const compress = promisify(gzip);
const logPath = { log: Type.Enum(['exchange', 'access'], { description: 'Which log.' }) };
const tilePattern = '^([0-9]{1,2}|entries)/(x[0-9]{3}/)*[0-9]{3}(\\.p/[0-9]{1,3})?$';
/** What was complete once never changes. Private: whoever caches it must ask for the token again. */
const FOR_EVER = 'private, max-age=31536000, immutable';
const PROOFS_AT_ONCE = 20;
const MOST_RELEASES_OF_A_RECEIPT = 1000;

const bytes = (description: string): unknown => ({
  description,
  content: { 'application/octet-stream': { schema: Type.String({ contentMediaType: 'application/octet-stream' }) } },
});

export function tlogRoutes(
  app: App,
  { store }: { store: Pick<Store, 'latestCheckpoint' | 'checkpointAt' | 'hashes' | 'leaves' | 'leavesAbout'> },
): void {
  app.get(
    '/audit/v1/tlog/:log/checkpoint',
    {
      ...read,
      schema: {
        operationId: 'auditTlogCheckpoint',
        summary: 'The latest checkpoint, as a signed note',
        description: 'C2SP tlog-checkpoint, with the cosignatures of witnesses (C2SP tlog-cosignature).',
        tags,
        params: Type.Object(logPath, closed),
        querystring: Type.Object(epochMember, closed),
        response: responses({ 200: textAnswer('text/plain', 'The note.') as TSchema }, { codes: ['not_found'] }),
      },
    },
    async (request, reply) => {
      const checkpoint = await latest(request.params.log, request.query.epoch);
      return asText(reply)
        .header('cache-control', 'private, no-cache')
        .send(noteOf(checkpoint) as never);
    },
  );

  app.get(
    '/audit/v1/tlog/:log/tile/*',
    {
      ...read,
      schema: {
        operationId: 'auditTlogTile',
        summary: 'A tile of the tree, or a bundle of entries',
        description:
          'C2SP tlog-tiles: `tile/<L>/<N>[.p/<W>]` are hashes of 32 bytes, `tile/entries/<N>[.p/<W>]` entries behind their length in 16 bits. Never changes; only what a checkpoint covers is there.',
        tags,
        params: Type.Object(
          { ...logPath, '*': Type.String({ pattern: tilePattern, description: 'Level, index, width; for instance `0/x001/234.p/17`.' }) },
          closed,
        ),
        querystring: Type.Object(epochMember, closed),
        response: responses({ 200: bytes('Hashes, or entries.') as TSchema }, { codes: ['not_found'] }),
      },
    },
    async (request, reply) => {
      const { log, '*': path } = request.params;
      const tile = tileNamed(path);
      const { epoch, size } = await latest(log, request.query.epoch);
      const [first, width] = [tile.index * tileWidth, tile.width ?? tileWidth];
      const level = tile.level === 'entries' ? 0 : tile.level;
      if (first + width > Math.floor(size / tileWidth ** level)) throw notHere('tile that a checkpoint covers');
      reply.header('cache-control', FOR_EVER).type('application/octet-stream');
      if (tile.level !== 'entries') return reply.send(Buffer.concat(await hashesOf(store, log, epoch)(level, first, width)) as never);
      const leaves = await store.leaves(log, epoch, first, width);
      return await sendBundle(request, reply, formatBundle(leaves.map(({ leaf }) => leaf)));
    },
  );

  app.get(
    '/audit/v1/tlog/:log/proof',
    {
      ...read,
      schema: {
        operationId: 'auditTlogProof',
        summary: 'Proofs of leaves, as files',
        description:
          'C2SP tlog-proof, of the leaf at `index` or of the leaves that speak of `digest`: a statement, a release, a receipt, a key. Under the latest checkpoint, or under that of `size`.',
        tags,
        params: Type.Object(logPath, closed),
        querystring: Type.Object(
          {
            ...epochMember,
            index: Type.Optional(whole('Place of the leaf, from 0.')),
            digest: Type.Optional(digest('What the leaf speaks of.')),
            ref: Type.Optional(digest('With `digest`: only leaves that name this too; a receipt has one for each release.')),
            size: Type.Optional(whole('Size of a checkpoint; the latest unless told.', 1)),
          },
          closed,
        ),
        response: responses(
          {
            200: Type.Object(
              {
                items: Type.Array(
                  Type.Object({
                    index: Type.Integer(),
                    leaf: Type.String({ description: 'Byte for byte what was hashed.' }),
                    proof: Type.String({ description: 'The file: proof, checkpoint, cosignatures.' }),
                  }),
                ),
              },
              { description: `At most ${PROOFS_AT_ONCE} leaves, the oldest.` },
            ),
          },
          { codes: ['not_found'] },
        ),
      },
    },
    async (request) => {
      const { log } = request.params;
      const { epoch, size } = request.query;
      const newest = await latest(log, epoch);
      const checkpoint = size === undefined ? newest : await store.checkpointAt(log, newest.epoch, size);
      if (!checkpoint) throw notHere('checkpoint of this size');
      const covered = (await leavesAsked(log, checkpoint.epoch, request.query)).filter(({ position }) => position < checkpoint.size);
      if (covered.length === 0) throw notHere('such leaf under this checkpoint');
      const note = noteOf(checkpoint);
      const items = covered.map(async ({ position, leaf }) => ({
        index: position,
        leaf: Buffer.from(leaf).toString('utf8'),
        proof: await tlogProof(store, log, { checkpoint, note, index: position }),
      }));
      return { items: await Promise.all(items) };
    },
  );

  async function latest(log: LogName, epoch: number | undefined): Promise<CheckpointRecord> {
    const checkpoint = await store.latestCheckpoint(log, epoch);
    if (!checkpoint) throw notHere('checkpoint yet');
    return checkpoint;
  }

  async function leavesAsked(log: LogName, epoch: number, { index, digest, ref }: { index?: number; digest?: string; ref?: string }) {
    if (digest !== undefined && ref === undefined) return await store.leavesAbout(log, epoch, digest, PROOFS_AT_ONCE);
    if (digest !== undefined) {
      const speaking = await store.leavesAbout(log, epoch, digest, MOST_RELEASES_OF_A_RECEIPT);
      return speaking.filter(({ leaf }) => (JSON.parse(Buffer.from(leaf).toString()) as { ref?: string }).ref === ref);
    }
    const leaves = index === undefined ? [] : await store.leaves(log, epoch, index, 1);
    return leaves.filter(({ position }) => position === index);
  }
}

const asText = (reply: FastifyReply): FastifyReply => reply.type('text/plain; charset=utf-8');

function tileNamed(path: string): TileName {
  try {
    return parseTilePath(`tile/${path}`);
  } catch (error) {
    if (error instanceof LedgerError) throw notHere('tile of this name');
    throw error;
  }
}

/** Entries are words that repeat; hashes do not. */
async function sendBundle(request: FastifyRequest, reply: FastifyReply, bundle: Uint8Array): Promise<FastifyReply> {
  reply.header('vary', 'accept-encoding');
  const accepted = String(request.headers['accept-encoding'] ?? '').split(',');
  if (!accepted.some((one) => one.trim().split(';')[0] === 'gzip')) return reply.send(Buffer.from(bundle));
  return reply.header('content-encoding', 'gzip').send(await compress(bundle));
}
