import { boolean, integer, json, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import { digest, digestList, whole } from './columns.js';

export const release = pgTable('release', {
  peer: text().notNull(),
  epoch: integer().notNull(),
  position: whole().notNull(),
  digest: digest().notNull(),
  jti: text().notNull(),
  statement: digest().notNull(),
  kind: text().notNull(),
  jwt: text().notNull(),
  bytes: integer().notNull(),
  disclosed: digestList().notNull(),
  agreement: digest().notNull(),
  retainUntil: whole('retain_until').notNull(),
  purposes: json().$type<string[]>().notNull(),
  onward: text().notNull(),
  urgency: smallint().notNull(),
  iat: whole().notNull(),
  releasedBy: text('released_by').notNull(),
  chain: digest().notNull(),
  consent: digest(),
  author: text(),
  secondOfficer: boolean('second_officer').notNull(),
  singleRelease: digest('single_release'),
});

export const offer = pgTable('offer', {
  peer: text().notNull(),
  epoch: integer().notNull(),
  position: whole().notNull(),
  record: whole().notNull(),
  digest: digest().notNull(),
  jti: text().notNull(),
  statement: digest().notNull(),
  kind: text().notNull(),
  urgency: smallint().notNull(),
  state: text({ enum: ['queued', 'held', 'quarantined', 'refused', 'void'] }).notNull(),
  verdict: text({ enum: ['held', 'quarantined', 'refused'] }),
  code: text(),
  offeredAt: whole('offered_at'),
  receipt: digest(),
  receiptAt: whole('receipt_at'),
});

export const page = pgTable('page', {
  peer: text().notNull(),
  epoch: integer().notNull(),
  first: whole().notNull(),
  last: whole().notNull(),
  jws: text().notNull(),
  signedAt: whole('signed_at').notNull(),
});

const voidColumns = () => ({
  peer: text().notNull(),
  epoch: integer().notNull(),
  position: whole().notNull(),
  digest: digest().notNull(),
  code: text().notNull(),
  jwt: text().notNull(),
  at: whole().notNull(),
});

export const feedVoid = pgTable('void', voidColumns());
export const voidIn = pgTable('void_in', voidColumns());

export const receiptHeld = pgTable('receipt_held', {
  digest: digest().notNull(),
  position: whole().notNull(),
  peer: text().notNull(),
  jwt: text().notNull(),
  items: json().notNull(),
  at: whole().notNull(),
});
