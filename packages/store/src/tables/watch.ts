import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, whole } from './columns.js';

export const watch = pgTable('watch', {
  id: text().notNull(),
  position: whole().notNull(),
  version: integer().notNull(),
  state: text({ enum: ['active', 'removed'] }).notNull(),
  author: text().notNull(),
  unit: text().notNull(),
  entries: integer().notNull(),
  ciphertext: bytea(),
  wrappedKey: bytea('wrapped_key'),
  kekId: text('kek_id'),
  baseline: whole().notNull(),
  past: whole().notNull(),
  createdAt: whole('created_at').notNull(),
  updatedAt: whole('updated_at').notNull(),
});

export const watchToken = pgTable('watch_token', {
  token: bytea().notNull(),
  watch: text().notNull(),
  entry: integer().notNull(),
  part: integer().notNull(),
  parts: integer().notNull(),
  field: text().notNull(),
});

export const watchHit = pgTable('watch_hit', {
  watch: text().notNull(),
  content: whole().notNull(),
  position: whole().notNull(),
  fields: text().array().notNull(),
});
