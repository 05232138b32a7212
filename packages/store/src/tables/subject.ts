import { boolean, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, digest, whole } from './columns.js';

export const subjectRequest = pgTable('subject_request', {
  id: text().notNull(),
  position: whole().notNull(),
  version: integer().notNull(),
  state: text({ enum: ['open', 'proposed', 'answered'] }).notNull(),
  right: text('asked_right').notNull(),
  channel: text().notNull(),
  identity: text().notNull(),
  receivedAt: whole('received_at').notNull(),
  dueAt: whole('due_at').notNull(),
  extended: boolean().notNull(),
  searchedAt: whole('searched_at'),
  outcome: text(),
  ground: text(),
  registeredBy: text('registered_by').notNull(),
  composedBy: text('composed_by'),
  confirmedBy: text('confirmed_by'),
  answeredAt: whole('answered_at'),
  ciphertext: bytea(),
  wrappedKey: bytea('wrapped_key'),
  kekId: text('kek_id'),
  createdAt: whole('created_at').notNull(),
  updatedAt: whole('updated_at').notNull(),
});

export const subjectFinding = pgTable('subject_finding', {
  request: text().notNull(),
  statement: digest().notNull(),
  position: whole().notNull(),
  foundBy: text('found_by').notNull(),
  foundAt: whole('found_at').notNull(),
  concerns: boolean(),
  comparedBy: text('compared_by'),
  draft: text(),
  referral: digest(),
  unreachable: text(),
  referredBy: text('referred_by'),
});
