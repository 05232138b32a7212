/** A closed-loop client: so many requests are always under way, each followed at once by the next. */
import { Pool } from 'undici';

export interface Load {
  origin: string;
  path: string;
  headers?: Record<string, string>;
  body: string;
  concurrency: number;
  seconds: number;
}

export interface LoadResult {
  /** Answered 201 within the time. */
  done: number;
  perSecond: number;
  /** Milliseconds of each. */
  latencies: number[];
}

/** @throws Error when an answer is not 201: what is measured must have happened. */
export async function load({ origin, path, headers, body, concurrency, seconds }: Load): Promise<LoadResult> {
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 });
  const latencies: number[] = [];
  const begin = performance.now();
  const end = begin + seconds * 1000;
  const one = async () => {
    for (let from = performance.now(); from < end; ) {
      const response = await pool.request({ method: 'POST', path, headers: { 'content-type': 'application/json', ...headers }, body });
      const text = await response.body.text();
      if (response.statusCode !== 201) throw new Error(`POST ${path} answered ${response.statusCode}: ${text.slice(0, 300)}`);
      const now = performance.now();
      if (now <= end) latencies.push(now - from);
      from = now;
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, one));
  } finally {
    await pool.close();
  }
  return { done: latencies.length, perSecond: latencies.length / seconds, latencies };
}
