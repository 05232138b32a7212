import { boolean, pgTable, text } from 'drizzle-orm/pg-core';
import { digest, digestList, whole } from './columns.js';

export const reversal = pgTable('reversal', {
  statement: digest().notNull(),
  position: whole().notNull(),
  type: text({ enum: ['recalls', 'corrects', 'supersedes'] }).notNull(),
  iss: text().notNull(),
  target: digest().notNull(),
  own: boolean().notNull(),
  effect: text(),
  parts: digestList().notNull(),
  complyBy: whole('comply_by').notNull(),
  at: whole().notNull(),
  outcome: text(),
  keptUntil: whole('kept_until'),
  answer: digest(),
  answeredAt: whole('answered_at'),
});

export const reversalApplied = pgTable('reversal_applied', {
  reversal: digest().notNull(),
  ref: digest().notNull(),
  state: text({ enum: ['stopped', 'done'] }).notNull(),
  at: whole().notNull(),
});

export const reversalDerivative = pgTable('reversal_derivative', {
  reversal: digest().notNull(),
  statement: digest().notNull(),
  at: whole().notNull(),
});

export const compliance = pgTable('compliance', {
  statement: digest().notNull(),
  position: whole().notNull(),
  reversal: digest().notNull(),
  peer: text().notNull(),
  outcome: text().notNull(),
  keptUntil: whole('kept_until'),
  at: whole().notNull(),
});

export const legalHold = pgTable('legal_hold', {
  position: whole().notNull(),
  statement: digest().notNull(),
  reason: text().notNull(),
  placedBy: text('placed_by').notNull(),
  placedAt: whole('placed_at').notNull(),
  liftedBy: text('lifted_by'),
  liftedAt: whole('lifted_at'),
});

export const kekDestroyed = pgTable('kek_destroyed', {
  kekId: text('kek_id').notNull(),
  at: whole().notNull(),
});
