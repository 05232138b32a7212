import type { AgreementAct } from '@entente/policy';
import { integer, json, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { digest, whole } from './columns.js';

export const agreement = pgTable('agreement', {
  digest: digest().notNull(),
  id: text().notNull(),
  version: integer().notNull(),
  revision: integer().notNull(),
  jws: text().notNull(),
  payload: json().notNull(),
  parties: jsonb().$type<string[]>().notNull(),
  signedBy: jsonb('signed_by').$type<string[]>().notNull(),
  effective: whole().notNull(),
  expires: whole().notNull(),
  supersedes: digest(),
  storedAt: whole('stored_at').notNull(),
});

export const agreementAct = pgTable('agreement_act', {
  digest: digest().notNull(),
  agreement: digest().notNull(),
  party: text().notNull(),
  seq: integer().notNull(),
  act: text().$type<AgreementAct['act']>().notNull(),
  jwt: text().notNull(),
  at: whole().notNull(),
});

export const denunciationAnswer = pgTable('denunciation_answer', {
  digest: digest().notNull(),
  denunciation: digest().notNull(),
  agreement: digest().notNull(),
  iss: text().notNull(),
  aud: text().notNull(),
  sentEpoch: integer('sent_epoch').notNull(),
  sentPosition: whole('sent_position').notNull(),
  receivedEpoch: integer('received_epoch').notNull(),
  receivedPosition: whole('received_position').notNull(),
  jwt: text().notNull(),
  at: whole().notNull(),
});

export const agreementTold = pgTable('agreement_told', {
  peer: text().notNull(),
  document: digest().notNull(),
  at: whole().notNull(),
});
