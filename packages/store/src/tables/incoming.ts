import { boolean, integer, json, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, digest, digestList, whole } from './columns.js';

const verdict = () => text({ enum: ['held', 'quarantined', 'refused'] });

export const received = pgTable('received', {
  position: whole().notNull(),
  peer: text().notNull(),
  jti: text().notNull(),
  digest: digest().notNull(),
  statement: digest(),
  kind: text(),
  jwt: text(),
  disclosed: digestList().notNull(),
  agreement: digest(),
  purposes: json().$type<string[]>().notNull(),
  retainUntil: whole('retain_until'),
  onward: text(),
  replyBy: whole('reply_by'),
  readers: json().$type<string[]>(),
  verdict: verdict().notNull(),
  code: text(),
  receipt: digest().notNull(),
  receivedAt: whole('received_at').notNull(),
});

export const inbox = pgTable('inbox', {
  peer: text().notNull(),
  digest: digest().notNull(),
  jti: text().notNull(),
  position: whole().notNull(),
  kind: text(),
  verdict: verdict().notNull(),
  reused: boolean().notNull(),
  receipt: digest().notNull(),
  paged: boolean().notNull(),
  arrivedAt: whole('arrived_at').notNull(),
  state: text({ enum: ['new', 'seen', 'taken'] }).notNull(),
  takenBy: text('taken_by'),
});

export const receipt = pgTable('receipt', {
  digest: digest().notNull(),
  peer: text().notNull(),
  jwt: text().notNull(),
  position: whole().notNull(),
  at: whole().notNull(),
  sentAt: whole('sent_at'),
});

export const pageIn = pgTable('page_in', {
  peer: text().notNull(),
  epoch: integer().notNull(),
  first: whole().notNull(),
  last: whole().notNull(),
  chain: bytea().notNull(),
  digest: digest().notNull(),
  jws: text().notNull(),
  at: whole().notNull(),
});

export const pageEntry = pgTable('page_entry', {
  peer: text().notNull(),
  epoch: integer().notNull(),
  position: whole().notNull(),
  digest: digest().notNull(),
  kind: text(),
  at: whole().notNull(),
  settled: boolean().notNull(),
});

export const quarantine = pgTable('quarantine', {
  position: whole().notNull(),
  peer: text().notNull(),
  release: digest().notNull(),
  code: text().notNull(),
  reason: text().notNull(),
  bytes: integer().notNull(),
  ciphertext: bytea(),
  wrappedKey: bytea('wrapped_key'),
  kekId: text('kek_id'),
  at: whole().notNull(),
  expiresAt: whole('expires_at').notNull(),
});
