/** Alerts posted as one stream, against the bare rate of the signatures that they need. */
import { Readable } from 'node:stream';
import { sampleAlert } from './alert.js';
import { type Figure, figure, rounded } from './figure.js';
import type { Pair } from './pair.js';
import { releaseChecks, signRate } from './signatures.js';

const BARE_SECONDS = 0.5;
/** One over the statement, one over the release to the one partner. */
const SIGNATURES = 2;

/** Leaves what was posted queued for the partner, who is stopped. */
export async function measureBulk({ sender, recipient }: Pair, count: number): Promise<Figure> {
  const posted = await sampleAlert(recipient.agency.id, Date.now());
  function* lines() {
    for (let i = 0; i < count; i += 1) yield `${JSON.stringify({ idempotency_key: `bench-bulk-${i}`, ...posted })}\n`;
  }
  const begin = performance.now();
  const response = await fetch(`${sender.agency.url}/v1/statements/bulk`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sender.tokens.analyst}`, 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(lines(), { objectMode: false })) as never,
    duplex: 'half',
  } as RequestInit);
  const answers = (await response.text()).trimEnd().split('\n');
  const seconds = (performance.now() - begin) / 1000;
  const refused = answers.find((line) => (JSON.parse(line) as { status: number }).status !== 201);
  if (refused !== undefined || answers.length !== count)
    throw new Error(`a bulk post was refused: ${refused ?? `${answers.length} answers`}`);

  const bare = signRate(await releaseChecks(sender, 100), BARE_SECONDS);
  const rate = count / seconds;
  return figure({
    name: 'bulk',
    title: 'Bulk post, against the bare signatures that it needs',
    value: rate / (bare / SIGNATURES),
    unit: 'times',
    target: { at: 'least', value: 0.3 },
    how: `${rounded(rate)} alerts/s (${count} in one stream, ${rounded(seconds)} s); ${rounded(bare)} signatures/s by node:crypto in one thread over the same bytes, ${SIGNATURES} per alert`,
    parts: { posted_per_second: rounded(rate), signatures_per_second: rounded(bare), posted: count },
  });
}
