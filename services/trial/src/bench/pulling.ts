/** A partner that comes back and takes what waits for it, with every check, against the bare rate of the signature checks in it. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, figure, rounded } from './figure.js';
import type { Pair } from './pair.js';
import { checkRate, pageChecks, releaseChecks } from './signatures.js';
import { median } from './spread.js';

const BARE_SECONDS = 0.5;
const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 120_000;

/** Starts the recipient, which is down, and follows how the queue for it runs empty. */
export async function measurePulling(pair: Pair): Promise<Figure> {
  const { sender, recipient, federation } = pair;
  const releases = await releaseChecks(sender, 100);
  const bare = [checkRate(releases, BARE_SECONDS)];
  const queue = () => queued(pair);
  const before = await queue();

  await federation.restart(recipient.agency.name);
  const { held, seconds } = await drained(queue, before);
  const pages = await pageChecks(sender, recipient.agency.id);
  bare.push(checkRate([...releases, ...pages], BARE_SECONDS), checkRate(releases, BARE_SECONDS));

  const checksPerRelease = 2 + pages.length / before;
  const floor = median(bare) / checksPerRelease;
  const parts = {
    pulled_per_second: rounded(held / seconds),
    bare_releases_per_second: rounded(floor),
    bare_checks_per_second: rounded(median(bare)),
    checks_per_release: Number(checksPerRelease.toFixed(4)),
    releases: held,
    seconds: rounded(seconds),
  };
  return figure({
    name: 'pull',
    title: 'Pull and verify, against bare signature checks',
    value: held / seconds / floor,
    unit: 'times',
    target: { at: 'least', value: 0.3 },
    how: `${parts.pulled_per_second} releases/s verified, stored and receipted by the partner (${held} in ${parts.seconds} s, counted at the sender by receipts, the first answer left out); ${parts.bare_checks_per_second} checks/s by node:crypto in one thread over the same signatures, ${parts.checks_per_release} per release`,
    parts,
  });
}

async function queued({ sender, recipient }: Pair): Promise<number> {
  const { data } = await sender.api.releaser.GET('/v1/feeds', {});
  return data!.items.find((feed) => feed.peer === recipient.agency.id)!.outgoing.queued;
}

/** From the first receipts to the last. What came with the first answer is not counted, as its time cannot be told from the start of the process. */
async function drained(queue: () => Promise<number>, before: number): Promise<{ held: number; seconds: number }> {
  const first = await changed(queue, before);
  let [left, at] = [first.left, first.at];
  while (left > 0) ({ left, at } = await changed(queue, left));
  if (first.left === 0) throw new Error(`${before} releases are too few: the partner took them all at once`);
  return { held: first.left, seconds: (at - first.at) / 1000 };
}

async function changed(queue: () => Promise<number>, from: number): Promise<{ left: number; at: number }> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await pause(LOOK_EVERY_MS)) {
    const left = await queue();
    if (left < from) return { left, at: performance.now() };
  }
  throw new Error('the partner does not take what waits for it');
}
