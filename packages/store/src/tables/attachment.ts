import { pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, digest, whole } from './columns.js';

export const attachment = pgTable('attachment', {
  name: bytea().notNull(),
  state: text({ enum: ['partial', 'complete'] }).notNull(),
  bytes: whole().notNull(),
  wrappedKey: bytea('wrapped_key').notNull(),
  kekId: text('kek_id').notNull(),
  createdAt: whole('created_at').notNull(),
});

export const attachmentUse = pgTable('attachment_use', {
  ref: digest().notNull(),
  name: bytea().notNull(),
  bytes: whole().notNull(),
  code: text(),
});
