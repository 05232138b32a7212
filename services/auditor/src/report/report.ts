import { createHash } from 'node:crypto';
import { type Signer, signCompact } from '@entente/seal';
import { beyondData, checks, type Judgement } from './checks.js';
import type { Survey } from './survey.js';

export interface Report {
  /** RFC 3339, UTC. */
  made_at: string;
  /** Entity id of the audited node. */
  node: string;
  period: { from: string; to: string } | null;
  logs: { origin: string; size: number; root: string; checkpoints: number; cosigned: number }[];
  checks: ({ id: string; title: string } & Judgement)[];
  /** For persons alone. */
  beyond_data: { id: string; title: string }[];
  /** Nothing fails. */
  holds: boolean;
}

export function reportOf(survey: Survey, madeAt: string): Report {
  const results = checks.map(({ id, title, judge }) => ({ id, title, ...judge(survey) }));
  return {
    made_at: madeAt,
    node: survey.verification.node,
    period: survey.period,
    logs: survey.verification.logs.map(({ origin, size, root, checkpoints, cosigned }) => ({
      origin,
      size,
      root,
      checkpoints,
      cosigned: cosigned.checkpoints,
    })),
    checks: results,
    beyond_data: [...beyondData],
    holds: results.every(({ outcome }) => outcome !== 'fails'),
  };
}

export const reportTyp = 'audit-report+jwt';

/** The report under the auditor's own signature (JWS compact, RFC 7515), bound to the page that people read. */
export async function signReport(report: Report, page: string, signer: Signer): Promise<string> {
  const page_sha256 = createHash('sha256').update(page).digest('base64url');
  // Texts, not numbers with fractions, in what is signed.
  return signCompact(reportTyp, { ...(JSON.parse(JSON.stringify(report)) as object), page_sha256 } as never, signer);
}
