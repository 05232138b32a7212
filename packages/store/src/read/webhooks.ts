import { and, asc, eq, ne } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { happeningCursor, happeningPlace } from '../happening-cursor.js';
import type { WebhookRecord } from '../records.js';
import type { Subscriptions } from '../store.js';
import { webhook } from '../tables/subscription.js';
import { idempotency } from '../tables/work.js';
import { present } from './present.js';

function webhookRecord(row: typeof webhook.$inferSelect): WebhookRecord {
  const { position: _position, ciphertext, wrappedKey, kekId, afterRecord, afterItem, ...rest } = present(row);
  return {
    ...rest,
    after: happeningCursor({ record: afterRecord, item: afterItem }),
    ...(ciphertext && wrappedKey && kekId !== undefined && { sealed: { ciphertext, wrappedKey, kekId } }),
  };
}

export function readWebhooks(
  db: NodePgDatabase,
): Pick<Subscriptions, 'webhooks' | 'webhook' | 'webhookTold' | 'webhookFailed' | 'answered'> {
  const living = (id: string) => and(eq(webhook.id, id), ne(webhook.state, 'removed'));
  return {
    webhooks: async () =>
      (await db.select().from(webhook).where(ne(webhook.state, 'removed')).orderBy(asc(webhook.position))).map(webhookRecord),
    webhook: async (id) => (await db.select().from(webhook).where(living(id))).map(webhookRecord)[0],
    webhookTold: async (id, after, deliveredAt) => {
      const { record, item } = happeningPlace(after);
      const clean = deliveredAt === undefined ? {} : { deliveredAt, attempts: 0, failingSince: null, failure: null };
      await db
        .update(webhook)
        .set({ afterRecord: record, afterItem: item, ...clean })
        .where(living(id));
    },
    webhookFailed: async (id, { attempts, failingSince, failure, dead }) => {
      await db
        .update(webhook)
        .set({ attempts, failingSince, failure, ...(dead && { state: 'dead' as const }) })
        .where(and(eq(webhook.id, id), eq(webhook.state, 'active')));
    },
    answered: async (actor, key) => {
      const [row] = await db
        .select({ requestHash: idempotency.requestHash, status: idempotency.status, body: idempotency.body })
        .from(idempotency)
        .where(and(eq(idempotency.actor, actor), eq(idempotency.key, key)));
      return row;
    },
  };
}
