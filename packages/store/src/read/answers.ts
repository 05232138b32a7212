import type pg from 'pg';
import type { AnswerFigure } from '../records.js';
import type { Answers } from '../store.js';

/**
 * Everything that asks for an answer by a time: requests, and recalls and corrections, which each holder answers. An exception under a
 * provision of law is a refusal, not a failure.
 */
const figuresText = `
  WITH asked AS (
    SELECT peer, kind, own, reply_by, outcome, code FROM request
    UNION ALL
    SELECT h.peer, CASE r.type WHEN 'recalls' THEN 'recall' ELSE 'correction' END, true, r.comply_by,
        CASE WHEN c.outcome = 'EXCEPTION' THEN 'refused' WHEN c.outcome IS NOT NULL THEN 'answered' END,
        CASE c.outcome WHEN 'EXCEPTION' THEN c.outcome END
      FROM reversal r CROSS JOIN LATERAL (SELECT DISTINCT o.peer FROM offer o WHERE o.statement = r.target) h
      LEFT JOIN LATERAL (
        SELECT outcome FROM compliance c WHERE c.reversal = r.statement AND c.peer = h.peer ORDER BY c.position DESC LIMIT 1) c ON true
      WHERE r.type <> 'supersedes'
    UNION ALL
    SELECT r.iss, CASE r.type WHEN 'recalls' THEN 'recall' ELSE 'correction' END, false, r.comply_by,
        CASE WHEN r.outcome = 'EXCEPTION' THEN 'refused' WHEN r.outcome IS NOT NULL THEN 'answered' END,
        CASE r.outcome WHEN 'EXCEPTION' THEN r.outcome END
      FROM reversal r WHERE NOT r.own AND r.type <> 'supersedes'
  )
  SELECT peer, kind, own, coalesce(outcome, CASE WHEN reply_by <= $1 THEN 'lapsed' ELSE 'open' END) AS state, code, count(*) AS count
  FROM asked GROUP BY 1, 2, 3, 4, 5 ORDER BY peer, kind, own DESC, state, code`;

export function readAnswers(pool: pg.Pool): Answers {
  return {
    answerFigures: async (now) => (await pool.query<AnswerFigure>({ name: 'answer figures', text: figuresText, values: [now] })).rows,
  };
}
