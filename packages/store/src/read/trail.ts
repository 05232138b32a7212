import type pg from 'pg';
import type { AuditTrail } from '../records.js';
import type { Audit } from '../store.js';

/** More partners than any federation has; an answer is bounded all the same. */
const MOST_RELEASES = 1000;

/** What came in is found by its content, which keeps its name when it is erased. */
const trailText = `
  SELECT 'out' AS direction, o.peer, o.epoch, o.position, o.digest, r.jwt, o.state, h.digest AS receipt, h.jwt AS "receiptJwt"
  FROM offer o JOIN release r USING (peer, epoch, position) LEFT JOIN receipt_held h ON h.digest = o.receipt
  WHERE o.statement = $1
  UNION ALL
  SELECT 'in', i.peer, e.epoch, e.position, i.digest, r.jwt, i.verdict, g.digest, g.jwt
  FROM content_name c JOIN inbox i ON i.digest = c.ref JOIN received r ON r.position = i.position
    LEFT JOIN receipt g ON g.digest = i.receipt LEFT JOIN page_entry e ON e.peer = i.peer AND e.digest = i.digest
  WHERE c.statement = $1
  ORDER BY direction, peer, position LIMIT ${MOST_RELEASES}`;

interface Row extends Omit<AuditTrail, 'digest' | 'receipt'> {
  digest: Buffer;
  receipt: Buffer | null;
  receiptJwt: string | null;
}

const name = (bytes: Buffer) => bytes.toString('base64url');

export function readTrail(pool: pg.Pool): Pick<Audit, 'trailOf'> {
  return {
    trailOf: async (statement) => {
      const { rows } = await pool.query<Row>({ name: 'trail', text: trailText, values: [Buffer.from(statement, 'base64url')] });
      return rows.map(({ digest, receipt, receiptJwt, ...row }) => ({
        ...row,
        digest: name(digest),
        receipt: receipt && receiptJwt !== null ? { digest: name(receipt), jwt: receiptJwt } : null,
      }));
    },
  };
}
