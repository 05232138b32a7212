import { boolean, pgTable, text } from 'drizzle-orm/pg-core';
import { digest, whole } from './columns.js';

export const request = pgTable('request', {
  statement: digest().notNull(),
  peer: text().notNull(),
  position: whole().notNull(),
  kind: text().notNull(),
  own: boolean().notNull(),
  replyBy: whole('reply_by').notNull(),
  outcome: text({ enum: ['answered', 'refused'] }),
  code: text(),
  answer: digest(),
  answeredAt: whole('answered_at'),
});
