import { integer, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import { bytea, whole } from './columns.js';

export const head = pgTable('head', {
  rank: smallint().notNull(),
  name: text().notNull(),
  epoch: integer().notNull(),
  size: whole().notNull(),
  chain: bytea(),
  paged: whole(),
  edge: bytea(),
});

export const epoch = pgTable('epoch', {
  epoch: integer().notNull(),
  openedAt: whole('opened_at').notNull(),
  origin: text(),
  reason: text().notNull(),
});

export const logLeaf = pgTable('log_leaf', {
  log: text().notNull(),
  epoch: integer().notNull(),
  position: whole().notNull(),
  leaf: text().notNull(),
  hash: bytea().notNull(),
  peer: text(),
});

export const logHash = pgTable('log_hash', {
  log: text().notNull(),
  epoch: integer().notNull(),
  level: smallint().notNull(),
  idx: whole().notNull(),
  hash: bytea().notNull(),
});

export const accessEntry = pgTable('access_entry', {
  epoch: integer().notNull(),
  position: whole().notNull(),
  at: whole().notNull(),
  salt: bytea().notNull(),
  entry: text(),
});

export const checkpoint = pgTable('checkpoint', {
  log: text().notNull(),
  epoch: integer().notNull(),
  size: whole().notNull(),
  root: bytea().notNull(),
  note: text().notNull(),
  at: whole().notNull(),
});
