/** The audit API: what proves the past of this node. Headers, signatures, hashes and the node's own access log; never content. */
import { consistencyProof, inclusionProof } from '@entente/ledger';
import type { LogName, Store } from '@entente/store';
import { Type } from 'typebox';
import { accessEntry } from '../agency/access.js';
import type { CheckpointActs, Self } from '../agency/acts.js';
import { closed, digest, entityId, kindName, listOf, listQuery, notHere, pageOf, paging, time, when } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { Problem } from '../problem.js';

const whole = (description: string, minimum = 0) => Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER, description });
const logMember = { log: Type.Optional(Type.Enum(['exchange', 'access'], { description: 'Which log; `exchange` unless told.' })) };
const epochMember = { epoch: Type.Optional(whole('Epoch of the log; the present one unless told.', 1)) };
const direction = Type.Enum(['out', 'in'], { description: '`out`: from this node to the partner.' });
const partner = entityId('The partner.');
const jwt = Type.String({ description: 'What was signed, as it was signed.' });
const hashes = Type.Array(Type.String(), { description: 'SHA-256 hashes, base64, in the order of RFC 6962.' });

const checkpoint = Type.Object(
  {
    log: Type.String(),
    epoch: Type.Integer(),
    size: Type.Integer(),
    note: Type.String({ description: 'C2SP checkpoint: a signed note.' }),
  },
  { description: 'Signed size and root of a log.' },
);
const position = Type.Integer({ description: 'Place in the log, from 0.' });
const ENTRIES_AT_ONCE = 1000;
const fromQuery = {
  from: Type.Optional(whole('First position.')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: ENTRIES_AT_ONCE, description: 'Entries in one answer; 500 unless told.' })),
};
const nextPosition = Type.Optional(Type.Integer({ description: 'The next `from`; absent at the end.' }));
const feedQuery = {
  peer: partner,
  direction: Type.Optional(direction),
  epoch: Type.Optional(whole('Epoch of the feed; the present one unless told.', 1)),
  from: Type.Optional(whole('First position.', 1)),
};
const PAGES_AT_ONCE = 100;

const tags = ['Audit'];

/** In a scope of its own: every read in it goes into the access log. */
export function auditRoutes(app: App, deps: { store: Store; self: Self; checkpoints: CheckpointActs }): void {
  const { store, self, checkpoints } = deps;
  const read = { config: { permission: 'audit.read' as const } };
  app.addHook('preHandler', async (request) => {
    await store.commit({ access: [accessEntry(request.actor, 'CONSULT', { object: `${request.method} ${request.url.slice(0, 500)}` })] });
  });

  app.get(
    '/audit/v1/configuration',
    {
      ...read,
      schema: {
        operationId: 'auditConfiguration',
        summary: 'Keys and agreements',
        description: 'The signed entity configurations: every key with its history, and the origin and key of the log.',
        tags,
        response: responses({
          200: Type.Object(
            {
              entity_id: entityId('This node.'),
              configuration: jwt,
              epoch: Type.Integer({ description: 'Present epoch of the log.' }),
              agreements: Type.Array(
                Type.Object({ digest: digest('The agreement.'), jws: Type.String({ description: 'JWS General JSON.' }) }),
              ),
              peers: Type.Array(
                Type.Object({
                  id: partner,
                  thumbprint: Type.String({ description: 'Of the federation key that was pinned.' }),
                  configuration: jwt,
                }),
              ),
            },
            { description: 'Entity configurations.' },
          ),
        }),
      },
    },
    async () => ({
      entity_id: self.id,
      configuration: self.configuration(),
      epoch: (await store.log('exchange')).epoch,
      agreements: (await store.agreements()).map(({ digest, jws }) => ({ digest, jws })),
      peers: (await store.peers()).map(({ id, thumbprint, configuration }) => ({ id, thumbprint, configuration })),
    }),
  );

  app.get(
    '/audit/v1/checkpoint',
    {
      ...read,
      schema: {
        operationId: 'auditCheckpoint',
        summary: 'The latest checkpoint',
        description: 'Of one log.',
        tags,
        querystring: Type.Object(logMember, closed),
        response: responses({ 200: checkpoint }, { codes: ['not_found'] }),
      },
    },
    async (request) => {
      const log = request.query.log ?? 'exchange';
      return checkpointOf(log, await store.latestCheckpoint(log));
    },
  );

  app.post(
    '/audit/v1/checkpoint',
    {
      config: { permission: 'audit.checkpoint' },
      schema: {
        operationId: 'auditCutCheckpoint',
        summary: 'Cut a checkpoint now',
        description: 'Where anything was added since the last; the latest one either way.',
        tags,
        querystring: Type.Object(logMember, closed),
        response: responses({ 200: checkpoint }, { codes: ['not_found'] }),
      },
    },
    async (request) => {
      const log = request.query.log ?? 'exchange';
      return checkpointOf(log, await checkpoints.cut(log));
    },
  );

  app.get(
    '/audit/v1/entries',
    {
      ...read,
      schema: {
        operationId: 'auditEntries',
        summary: 'Leaves of a log',
        description: 'As text, byte for byte what was hashed.',
        tags,
        querystring: Type.Object({ ...logMember, ...epochMember, ...fromQuery }, closed),
        response: responses({
          200: Type.Object(
            {
              log: Type.String(),
              epoch: Type.Integer(),
              items: Type.Array(
                Type.Object({
                  position,
                  leaf: Type.String({
                    description: 'Canonical JSON (RFC 8785).',
                    examples: ['{"at":"2031-05-02T08:15:00Z","n":"...","op":"issued","v":1}'],
                  }),
                }),
              ),
              next: nextPosition,
            },
            { description: 'Leaves.' },
          ),
        }),
      },
    },
    async (request) => {
      const { log = 'exchange', from = 0, limit = 500 } = request.query;
      const { epoch = (await store.log(log)).epoch } = request.query;
      const leaves = await store.leaves(log, epoch, from, limit);
      return {
        log,
        epoch,
        items: leaves.map(({ position, leaf }) => ({ position, leaf: Buffer.from(leaf).toString('utf8') })),
        ...nextOf(leaves, limit),
      };
    },
  );

  app.get(
    '/audit/v1/access',
    {
      ...read,
      schema: {
        operationId: 'auditAccess',
        summary: 'Who looked at what, and why',
        description:
          "This node's own access log. Each leaf of its tree is the digest of salt and entry; the text of an old entry may be gone, its leaf stays.",
        tags,
        querystring: Type.Object(fromQuery, closed),
        response: responses({
          200: Type.Object(
            {
              items: Type.Array(
                Type.Object({
                  position,
                  salt: Type.String({ description: 'base64url' }),
                  entry: Type.Union([Type.String(), Type.Null()], {
                    description: 'Text of the entry (JSON); null once its retention is over.',
                  }),
                }),
              ),
              next: nextPosition,
            },
            { description: 'Access log.' },
          ),
        }),
      },
    },
    async (request) => {
      const { from = 0, limit = 500 } = request.query;
      const entries = await store.accessEntries(from, limit);
      return {
        items: entries.map((e) => ({ position: e.position, salt: Buffer.from(e.salt).toString('base64url'), entry: e.entry })),
        ...nextOf(entries, limit),
      };
    },
  );

  app.get(
    '/audit/v1/statements',
    {
      ...read,
      schema: {
        operationId: 'auditStatements',
        summary: 'Every statement that this node holds',
        description: 'Signed by its originator, without disclosures: it verifies, and shows no content.',
        tags,
        querystring: listQuery({ own: Type.Optional(Type.Boolean()), kind: Type.Optional(kindName) }),
        response: responses(
          {
            200: listOf(
              Type.Object({
                digest: digest('The statement.'),
                jwt,
                own: Type.Boolean(),
                kind: kindName,
                originator: partner,
                stored_at: time('When it was stored here.'),
              }),
              'Statements.',
            ),
          },
          { codes: ['bad_cursor'] },
        ),
      },
    },
    async (request) => {
      const { own, kind } = request.query;
      const page = await store.statements({
        ...paging(request.query),
        ...(own !== undefined && { own }),
        ...(kind !== undefined && { kind }),
      });
      return pageOf(page, (s) => ({
        digest: s.digest,
        jwt: s.jwt,
        own: s.own,
        kind: s.kind,
        originator: s.iss,
        stored_at: when(s.storedAt),
      }));
    },
  );

  app.get(
    '/audit/v1/releases',
    {
      ...read,
      schema: {
        operationId: 'auditReleases',
        summary: 'Every release, in and out',
        description: 'What was released to whom on which terms, as signed.',
        tags,
        querystring: listQuery({}),
        response: responses(
          {
            200: listOf(
              Type.Object({
                direction,
                peer: partner,
                epoch: Type.Union([Type.Integer(), Type.Null()]),
                position: Type.Union([Type.Integer(), Type.Null()], {
                  description: 'Place on the feed; null for one that came in and is on no page yet.',
                }),
                digest: digest('The release.'),
                statement: Type.Union([digest('The statement.'), Type.Null()]),
                jwt: Type.Union([Type.String(), Type.Null()], { description: 'As signed; null where it was refused and not kept.' }),
                state: Type.String({ examples: ['held'] }),
              }),
              'Releases.',
            ),
          },
          { codes: ['bad_cursor'] },
        ),
      },
    },
    async (request) => pageOf(await store.allReleases(paging(request.query)), (r) => r),
  );

  app.get(
    '/audit/v1/receipts',
    {
      ...read,
      schema: {
        operationId: 'auditReceipts',
        summary: 'Every receipt, in and out',
        description: '`out`: signed by this node.',
        tags,
        querystring: listQuery({}),
        response: responses(
          { 200: listOf(Type.Object({ direction, peer: partner, digest: digest('The receipt.'), jwt }), 'Receipts.') },
          { codes: ['bad_cursor'] },
        ),
      },
    },
    async (request) => pageOf(await store.allReceipts(paging(request.query)), (r) => r),
  );

  app.get(
    '/audit/v1/pages',
    {
      ...read,
      schema: {
        operationId: 'auditPages',
        summary: 'Pages of one feed',
        description:
          'The signed sequence of everything that was released in one direction. The next `from` is one more than the last position; an empty list is the end.',
        tags,
        querystring: Type.Object(feedQuery, closed),
        response: responses({
          200: Type.Object(
            { epoch: Type.Integer(), items: Type.Array(Type.Object({ first: Type.Integer(), last: Type.Integer(), jws: jwt })) },
            { description: 'Pages.' },
          ),
        }),
      },
    },
    async (request) => {
      const { peer, direction = 'out', from = 1 } = request.query;
      const { epoch = await feedEpoch(peer, direction) } = request.query;
      const read = direction === 'out' ? store.pages.bind(store) : store.pagesIn.bind(store);
      const pages = await read(peer, epoch, from, PAGES_AT_ONCE);
      return { epoch, items: pages.map(({ first, last, jws }) => ({ first, last, jws })) };
    },
  );

  app.get(
    '/audit/v1/voids',
    {
      ...read,
      schema: {
        operationId: 'auditVoids',
        summary: 'What was taken off the feeds',
        description:
          'Signed notes that stand in the place of a release: recalled or withdrawn before it left. Both directions unless one is named.',
        tags,
        querystring: Type.Object(feedQuery, closed),
        response: responses({
          200: Type.Object(
            { items: Type.Array(Type.Object({ direction, epoch: Type.Integer(), position: Type.Integer(), jwt })) },
            { description: 'Voids.' },
          ),
        }),
      },
    },
    async (request) => {
      const wanted = request.query.direction ? [request.query.direction] : (['out', 'in'] as const);
      return { items: (await Promise.all(wanted.map((one) => voidsOf(one, request.query)))).flat() };
    },
  );

  app.get(
    '/audit/v1/proofs/inclusion',
    {
      ...read,
      schema: {
        operationId: 'auditInclusion',
        summary: 'Proof that a leaf is in the log',
        description: 'RFC 6962 section 2.1.1, under the tree of the size given.',
        tags,
        querystring: Type.Object(
          { ...logMember, ...epochMember, position: whole('Place of the leaf, from 0.'), size: whole('Size of the tree.', 1) },
          closed,
        ),
        response: responses(
          {
            200: Type.Object(
              { log: Type.String(), epoch: Type.Integer(), position: Type.Integer(), size: Type.Integer(), proof: hashes },
              { description: 'Inclusion proof.' },
            ),
          },
          { codes: ['not_found'] },
        ),
      },
    },
    async (request) => {
      const { log = 'exchange', position, size } = request.query;
      const epoch = await reaching(log, request.query.epoch, size);
      if (position >= size) throw new Problem('not_found', 'the tree of this size does not reach that position');
      const proof = await inclusionProof(position, size, (level, index, count) => store.hashes(log, epoch, level, index, count));
      return { log, epoch, position, size, proof: proof.map(base64) };
    },
  );

  app.get(
    '/audit/v1/proofs/consistency',
    {
      ...read,
      schema: {
        operationId: 'auditConsistency',
        summary: 'Proof that the log only grew',
        description: 'RFC 6962 section 2.1.2, from one size to another.',
        tags,
        querystring: Type.Object(
          { ...logMember, ...epochMember, from: whole('The smaller size.'), to: whole('The larger size.', 1) },
          closed,
        ),
        response: responses(
          {
            200: Type.Object(
              { log: Type.String(), epoch: Type.Integer(), from: Type.Integer(), to: Type.Integer(), proof: hashes },
              { description: 'Consistency proof.' },
            ),
          },
          { codes: ['not_found'] },
        ),
      },
    },
    async (request) => {
      const { log = 'exchange', from, to } = request.query;
      const epoch = await reaching(log, request.query.epoch, to);
      if (from > to) throw new Problem('not_found', 'a log does not shrink: `from` must not be larger than `to`');
      const proof = await consistencyProof(from, to, (level, index, count) => store.hashes(log, epoch, level, index, count));
      return { log, epoch, from, to, proof: proof.map(base64) };
    },
  );

  async function voidsOf(direction: 'out' | 'in', query: { peer: string; epoch?: number; from?: number }) {
    const { peer, from = 1 } = query;
    const { epoch = await feedEpoch(peer, direction) } = query;
    const voids = direction === 'out' ? await store.voidsFrom(peer, epoch, from) : await store.voidsIn(peer, epoch, from);
    return voids.map(({ position, jwt }) => ({ direction, epoch, position, jwt }));
  }

  async function feedEpoch(peer: string, direction: 'out' | 'in'): Promise<number> {
    return (direction === 'out' ? await store.feed(peer) : await store.feedIn(peer)).epoch;
  }

  /** The epoch asked for, if its log reaches that size. */
  async function reaching(log: LogName, epoch: number | undefined, size: number): Promise<number> {
    const head = await store.log(log);
    if (epoch === undefined || epoch === head.epoch) {
      if (size <= head.size) return head.epoch;
    } else if ((await store.checkpoints(log, epoch)).some((known) => known.size >= size)) return epoch;
    throw new Problem('not_found', 'this log does not reach so far');
  }
}

const base64 = (hash: Uint8Array): string => Buffer.from(hash).toString('base64');
const nextOf = (items: { position: number }[], limit: number): { next?: number } =>
  items.length === limit ? { next: items.at(-1)!.position + 1 } : {};
function checkpointOf(log: LogName, latest: { epoch: number; size: number; note: string } | undefined) {
  if (!latest) throw notHere('checkpoint yet');
  return { log, epoch: latest.epoch, size: latest.size, note: latest.note };
}
