/** Proofs in the tree of a log: RFC 6962 sections 2.1.1 and 2.1.2. */
import { consistencyProof, inclusionProof } from '@entente/ledger';
import type { LogName, Store } from '@entente/store';
import { Type } from 'typebox';
import { closed } from '../agency/shapes.js';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { hashesOf } from '../log/proof.js';
import { Problem } from '../problem.js';
import { base64, epochMember, hashes, logMember, read, tags, whole } from './shapes.js';

export function proofRoutes(app: App, { store }: { store: Pick<Store, 'log' | 'latestCheckpoint' | 'hashes'> }): void {
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
      const proof = await inclusionProof(position, size, hashesOf(store, log, epoch));
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
      const proof = await consistencyProof(from, to, hashesOf(store, log, epoch));
      return { log, epoch, from, to, proof: proof.map(base64) };
    },
  );

  /** The epoch asked for, if its log reaches that size. */
  async function reaching(log: LogName, epoch: number | undefined, size: number): Promise<number> {
    const head = await store.log(log);
    if (epoch === undefined || epoch === head.epoch) {
      if (size <= head.size) return head.epoch;
    } else if (((await store.latestCheckpoint(log, epoch))?.size ?? 0) >= size) return epoch;
    throw new Problem('not_found', 'this log does not reach so far');
  }
}
