import { integer, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import { bytea, digest, whole } from './columns.js';

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
  digest: digest(),
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

export const cosignature = pgTable('cosignature', {
  epoch: integer().notNull(),
  size: whole().notNull(),
  witness: text().notNull(),
  line: text().notNull(),
  at: whole().notNull(),
});

export const peerCheckpoint = pgTable('peer_checkpoint', {
  peer: text().notNull(),
  origin: text().notNull(),
  size: whole().notNull(),
  root: bytea().notNull(),
  note: text().notNull(),
  at: whole().notNull(),
  cosignedAt: whole('cosigned_at'),
});

export const accessRoot = pgTable('access_root', {
  day: integer().notNull(),
  epoch: integer().notNull(),
  size: whole().notNull(),
  root: bytea().notNull(),
  at: whole().notNull(),
});
