/** Alerts posted, signed, logged and released to a stopped partner, against the same bodies merely stored. */
import { sampleAlert } from './alert.js';
import { type Figure, figure, rounded } from './figure.js';
import { type Load, type LoadResult, load } from './load.js';
import type { Pair } from './pair.js';
import { median, quantile, spread } from './spread.js';

const CONCURRENCY = 64;

export interface PostingPlan {
  rounds: number;
  secondsPerRound: number;
  warmUpSeconds: number;
}

/** Rounds of both take turns, so that both see the same machine. Leaves what was posted queued for the partner. */
export async function measurePosting(pair: Pair, plan: PostingPlan): Promise<Figure> {
  const body = JSON.stringify(await sampleAlert(pair.recipient.agency.id, Date.now()));
  const common = { body, concurrency: CONCURRENCY };
  const ours: Omit<Load, 'seconds'> = {
    ...common,
    origin: pair.sender.agency.url,
    path: '/v1/statements',
    headers: { authorization: `Bearer ${pair.sender.tokens.analyst}` },
  };
  const theirs: Omit<Load, 'seconds'> = { ...common, origin: pair.plain.url, path: '/alerts' };
  for (const each of [ours, theirs]) await load({ ...each, seconds: plan.warmUpSeconds });

  const posted: LoadResult[] = [];
  const stored: LoadResult[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    posted.push(await load({ ...ours, seconds: plan.secondsPerRound }));
    stored.push(await load({ ...theirs, seconds: plan.secondsPerRound }));
  }
  return report(posted, stored, body.length);
}

function report(posted: LoadResult[], stored: LoadResult[], bytes: number): Figure {
  const ratios = posted.map((one, i) => one.perSecond / stored[i]!.perSecond);
  const rate = (results: LoadResult[]) => rounded(median(results.map((r) => r.perSecond)));
  const time = (results: LoadResult[], p: number) =>
    rounded(
      quantile(
        results.flatMap((r) => r.latencies),
        p,
      ),
    );
  const parts = {
    posted_per_second: rate(posted),
    stored_per_second: rate(stored),
    posted_p50_ms: time(posted, 0.5),
    posted_p99_ms: time(posted, 0.99),
    stored_p50_ms: time(stored, 0.5),
    stored_p99_ms: time(stored, 0.99),
    spread: rounded(spread(ratios)),
    body_bytes: bytes,
  };
  return figure({
    name: 'post',
    title: 'Post an alert, against storing its text',
    value: median(ratios),
    unit: 'times',
    target: { at: 'least', value: 0.6 },
    how: `${parts.posted_per_second}/s signed, logged and released to one stopped partner; ${parts.stored_per_second}/s by a Fastify route that inserts the same ${bytes} bytes as jsonb; ${CONCURRENCY} at once, ${ratios.length} rounds in turn, the ratios ${rounded(Math.min(...ratios))} to ${rounded(Math.max(...ratios))}`,
    parts,
  });
}
