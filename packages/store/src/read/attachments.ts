import { and, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Attachments } from '../store.js';
import { attachment, attachmentUse } from '../tables/attachment.js';

export function readAttachments(pool: pg.Pool, now: () => number): Attachments {
  const db = drizzle(pool);
  const byName = (name: Uint8Array) => eq(attachment.name, sql.param(name, attachment.name));
  return {
    attachment: async (name) => {
      const [row] = await db.select().from(attachment).where(byName(name));
      return row && { state: row.state, bytes: row.bytes, key: { wrappedKey: row.wrappedKey, kekId: row.kekId } };
    },
    beginAttachment: async (name, { wrappedKey, kekId }) => {
      const text = `INSERT INTO attachment (name, state, bytes, wrapped_key, kek_id, created_at) VALUES ($1, 'partial', 0, $2, $3, $4)
        ON CONFLICT (name) DO NOTHING`;
      await pool.query({ name: 'begin attachment', text, values: [name, wrappedKey, kekId, now()] });
    },
    restartAttachment: async (name) => {
      await pool.query('SELECT restart_attachment($1)', [name]);
    },
    appendChunk: async (name, { number, ciphertext, bytes }) => {
      await pool.query({ name: 'append chunk', text: appendText, values: [name, number, ciphertext, bytes] });
    },
    chunk: async (name, number) => {
      const text = 'SELECT ciphertext FROM attachment_chunk WHERE name = $1 AND number = $2';
      const { rows } = await pool.query<{ ciphertext: Buffer }>({ name: 'chunk', text, values: [name, number] });
      return rows[0]?.ciphertext;
    },
    completeAttachment: async (name) => {
      await db.update(attachment).set({ state: 'complete' }).where(byName(name));
    },
    attachmentUses: async (ref) => {
      const rows = await db
        .select({
          name: attachmentUse.name,
          bytes: attachmentUse.bytes,
          code: attachmentUse.code,
          state: attachment.state,
          here: attachment.bytes,
        })
        .from(attachmentUse)
        .innerJoin(attachment, eq(attachment.name, attachmentUse.name))
        .where(eq(attachmentUse.ref, sql.param(ref, attachmentUse.ref)));
      return rows.map(({ code, ...row }) => ({ ...row, ...(code === null ? {} : { code }) }));
    },
    refuseAttachment: async (ref, name, code) => {
      await db
        .update(attachmentUse)
        .set({ code })
        .where(and(eq(attachmentUse.ref, sql.param(ref, attachmentUse.ref)), eq(attachmentUse.name, sql.param(name, attachmentUse.name))));
    },
    wantedAttachments: async (limit) => {
      const { rows } = await pool.query<{ ref: Buffer; name: Buffer; bytes: number; peer: string; jti: string }>(wantedText, [limit]);
      return rows.map(({ ref, name, bytes, peer, jti }) => ({ ref: ref.toString('base64url'), name, bytes, from: peer, jti }));
    },
    expireAttachments: async (before) => {
      const { rows } = await pool.query<{ expired: number }>('SELECT expire_attachments($1) AS expired', [before]);
      return rows[0]!.expired;
    },
  };
}

/** A chunk that is there already counts once, also when two fetch it. */
const appendText = `WITH added AS (
    INSERT INTO attachment_chunk (name, number, ciphertext) SELECT $1, $2, $3 WHERE EXISTS (SELECT FROM attachment WHERE name = $1 AND state = 'partial')
    ON CONFLICT DO NOTHING RETURNING name)
  UPDATE attachment a SET bytes = a.bytes + $4 FROM added WHERE a.name = added.name`;

/** Named by a release that was received and not refused for it, and not whole yet. */
const wantedText = `SELECT u.ref, u.name, u.bytes, i.peer, i.jti FROM attachment_use u
  JOIN attachment a ON a.name = u.name AND a.state = 'partial'
  JOIN inbox i ON i.digest = u.ref AND i.verdict = 'held'
  WHERE u.code IS NULL ORDER BY i.position LIMIT $1`;
