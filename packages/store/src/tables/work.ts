import { integer, json, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, digest, whole } from './columns.js';

export const draft = pgTable('draft', {
  id: text().notNull(),
  position: whole().notNull(),
  version: integer().notNull(),
  state: text({ enum: ['draft', 'submitted', 'released', 'rejected', 'discarded'] }).notNull(),
  kind: text().notNull(),
  author: text().notNull(),
  unit: text().notNull(),
  addressees: json().$type<string[]>().notNull(),
  ciphertext: bytea(),
  wrappedKey: bytea('wrapped_key'),
  kekId: text('kek_id'),
  open: integer().notNull(),
  source: text(),
  decidedBy: text('decided_by'),
  reason: text(),
  checklist: json(),
  statement: digest(),
  singleRelease: digest('single_release'),
  createdAt: whole('created_at').notNull(),
  updatedAt: whole('updated_at').notNull(),
});

export const shipment = pgTable('shipment', {
  id: text().notNull(),
  position: whole().notNull(),
  reference: bytea().notNull(),
  version: integer().notNull(),
  state: text({ enum: ['declared', 'amended', 'cancelled'] }).notNull(),
  direction: text().notNull(),
  ciphertext: bytea().notNull(),
  wrappedKey: bytea('wrapped_key').notNull(),
  kekId: text('kek_id').notNull(),
  draft: text(),
  createdAt: whole('created_at').notNull(),
  updatedAt: whole('updated_at').notNull(),
});

export const declaration = pgTable('declaration', {
  fingerprint: bytea().notNull(),
  shipment: text().notNull(),
  function: text({ enum: ['new', 'amend', 'cancel'] }).notNull(),
  ciphertext: bytea().notNull(),
  wrappedKey: bytea('wrapped_key').notNull(),
  kekId: text('kek_id').notNull(),
  at: whole().notNull(),
});

export const idempotency = pgTable('idempotency', {
  actor: text().notNull(),
  key: text().notNull(),
  requestHash: bytea('request_hash').notNull(),
  status: integer().notNull(),
  body: json().notNull(),
  at: whole().notNull(),
});
