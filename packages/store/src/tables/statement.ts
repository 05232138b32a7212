import { boolean, json, pgTable, text } from 'drizzle-orm/pg-core';
import { bytea, digest, tokenList, whole } from './columns.js';

export const statementName = pgTable('statement_name', {
  digest: digest().notNull(),
  iss: text().notNull(),
  jti: text().notNull(),
  position: whole().notNull(),
});

export const statement = pgTable('statement', {
  position: whole().notNull(),
  digest: digest().notNull(),
  iss: text().notNull(),
  jti: text().notNull(),
  kind: text().notNull(),
  ver: text().notNull(),
  exercise: boolean().notNull(),
  iat: whole().notNull(),
  validFrom: whole('valid_from').notNull(),
  validUntil: whole('valid_until').notNull(),
  jwt: text().notNull(),
  claims: json().notNull(),
  own: boolean().notNull(),
  author: text(),
  releaser: text(),
  urgency: text(),
  checks: json(),
  storedAt: whole('stored_at').notNull(),
  secondOfficer: boolean('second_officer').notNull(),
  releaseAct: text('release_act'),
  singleRelease: digest('single_release'),
});

export const contentName = pgTable('content_name', {
  ref: digest().notNull(),
  statement: digest().notNull(),
  position: whole().notNull(),
  erasedAt: whole('erased_at'),
  expiresAt: whole('expires_at'),
  reviewAt: whole('review_at'),
  erasedKek: text('erased_kek'),
  waitsFor: text('waits_for'),
});

export const content = pgTable('content', {
  position: whole().notNull(),
  ref: digest().notNull(),
  ciphertext: bytea().notNull(),
  wrappedKey: bytea('wrapped_key').notNull(),
  kekId: text('kek_id').notNull(),
  waitingTokens: tokenList('waiting_tokens'),
});

export const token = pgTable('token', {
  position: whole().notNull(),
  token: bytea().notNull(),
  content: whole().notNull(),
});
