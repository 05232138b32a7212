import { integer, json, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, digest, whole } from './columns.js';

export const notice = pgTable('notice', {
  position: whole().notNull(),
  event: text().notNull(),
  peer: text().notNull(),
  kind: text(),
  release: digest(),
  statement: digest(),
  code: text(),
  at: whole().notNull(),
});

export const webhook = pgTable('webhook', {
  id: text().notNull(),
  position: whole().notNull(),
  url: text().notNull(),
  events: json().$type<string[]>().notNull(),
  state: text({ enum: ['active', 'paused', 'dead', 'removed'] }).notNull(),
  ciphertext: bytea(),
  wrappedKey: bytea('wrapped_key'),
  kekId: text('kek_id'),
  createdBy: text('created_by').notNull(),
  createdAt: whole('created_at').notNull(),
  updatedAt: whole('updated_at').notNull(),
  afterRecord: whole('after_record').notNull(),
  afterItem: integer('after_item').notNull(),
  attempts: integer().notNull(),
  failingSince: whole('failing_since'),
  failure: text(),
  deliveredAt: whole('delivered_at'),
});
