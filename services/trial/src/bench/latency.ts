/** From the post of one alert to the partner's receipt at the sender, both nodes idle, against the commits and round trips that it cannot do without. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { sampleAlert } from './alert.js';
import { type Figure, figure, rounded } from './figure.js';
import { hearReceipts, openFloor } from './floor.js';
import type { Pair } from './pair.js';
import { quantile } from './spread.js';

const PAUSE_MS = 20;
const RECEIPT_PATIENCE_MS = 10_000;

export async function measureLatency(pair: Pair, times: number): Promise<Figure> {
  const warmUp = Math.ceil(times / 5);
  await postToReceipt(pair, warmUp);
  // In three parts between the others, so that all see the same machine.
  const ours: number[] = [];
  const commits: number[] = [];
  const trips: number[] = [];
  for (let part = 0; part < 3; part++) {
    ours.push(...(await postToReceipt(pair, Math.ceil(times / 3))));
    commits.push(...(await durableCommits(pair, times)));
    trips.push(...(await roundTrips(pair, times)));
  }
  const floor = 3 * quantile(commits, 0.5) + 2 * quantile(trips, 0.5);
  const parts = {
    p50_ms: rounded(quantile(ours, 0.5)),
    p99_ms: rounded(quantile(ours, 0.99)),
    commit_p50_ms: rounded(quantile(commits, 0.5)),
    commit_p99_ms: rounded(quantile(commits, 0.99)),
    round_trip_p50_ms: rounded(quantile(trips, 0.5)),
    round_trip_p99_ms: rounded(quantile(trips, 0.99)),
    floor_ms: rounded(floor),
    p99_times: rounded(quantile(ours, 0.99) / floor),
  };
  return figure({
    name: 'post_to_receipt',
    title: 'Post to receipt, idle, against three commits and two round trips',
    value: quantile(ours, 0.5) / floor,
    unit: 'times',
    target: { at: 'most', value: 4 },
    how: `p50 ${parts.p50_ms} ms, p99 ${parts.p99_ms} ms (${parts.p99_times} times) over ${ours.length} alerts, one at a time; three durable commits of ${parts.commit_p50_ms} ms and two TLS round trips of ${parts.round_trip_p50_ms} ms (p50 each) are ${parts.floor_ms} ms`,
    parts,
  });
}

async function postToReceipt({ sender, recipient }: Pair, times: number): Promise<number[]> {
  const body = JSON.stringify(await sampleAlert(recipient.agency.id, Date.now()));
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${sender.tokens.analyst}` };
  const pool = new Pool(sender.agency.url, { connections: 1 });
  let heard = () => undefined as unknown;
  await using _listening = await hearReceipts(sender.agency.databaseUrl.application, () => heard());
  const latencies: number[] = [];
  try {
    for (let i = 0; i < times; i++) {
      const receipt = new Promise<number>((resolve) => {
        heard = () => resolve(performance.now());
      });
      const from = performance.now();
      const response = await pool.request({ method: 'POST', path: '/v1/statements', headers, body });
      const text = await response.body.text();
      if (response.statusCode !== 201) throw new Error(`the post was answered ${response.statusCode}: ${text.slice(0, 300)}`);
      latencies.push((await inTime(receipt)) - from);
      await pause(PAUSE_MS);
    }
  } finally {
    await pool.close();
  }
  return latencies;
}

async function inTime(receipt: Promise<number>): Promise<number> {
  const late = new AbortController();
  try {
    return await Promise.race([
      receipt,
      pause(RECEIPT_PATIENCE_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error('no receipt came');
      }),
    ]);
  } finally {
    late.abort();
  }
}

async function durableCommits({ plainDatabase }: Pair, times: number): Promise<number[]> {
  await using floor = await openFloor(plainDatabase, 1);
  return await timed(times, () => floor.commit());
}

/** Keep-alive, so without handshakes, as between nodes. */
async function roundTrips({ plain, sender }: Pair, times: number): Promise<number[]> {
  const ca = await readFile(join(sender.agency.folder, 'secrets', 'keys', 'tls.cert.pem'), 'utf8');
  const connect = { ca, checkServerIdentity: () => undefined };
  const pool = new Pool(plain.bareUrl, { connections: 1, connect });
  try {
    return await timed(times, async () => {
      const response = await pool.request({ method: 'POST', path: '/', body: '{}' });
      await response.body.text();
    });
  } finally {
    await pool.close();
  }
}

/** The first few, which open connections, are left out. */
async function timed(times: number, act: () => Promise<unknown>): Promise<number[]> {
  for (let i = 0; i < 5; i++) await act();
  const latencies: number[] = [];
  for (let i = 0; i < times; i++) {
    const from = performance.now();
    await act();
    latencies.push(performance.now() - from);
  }
  return latencies;
}
