import { pgTable, text } from 'drizzle-orm/pg-core';
import { digest, whole } from './columns.js';

export const singleRelease = pgTable('single_release', {
  statement: digest().notNull(),
  position: whole().notNull(),
  kind: text().notNull(),
  officer: text().notNull(),
  releasedAt: whole('released_at').notNull(),
  confirmBy: whole('confirm_by').notNull(),
  outcome: text({ enum: ['confirmed', 'rejected', 'lapsed'] }),
  decidedBy: text('decided_by'),
  decidedAt: whole('decided_at'),
  act: text(),
  recall: digest(),
});
