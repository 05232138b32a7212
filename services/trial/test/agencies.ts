/** Federations for tests: the trial's own agencies in a folder of their own, and what every test does with them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Federation, type Member, startFederation } from '../src/federation.js';
import { plans } from '../src/scenario.js';
import { until } from '../src/until.js';
import { judgeEveryAnswer } from './described.js';

export { arrangement, heldByAll, post, seconds, sighting } from '../src/arrangement.js';
export { leavesOf, leavesSince } from '../src/log-leaves.js';

judgeEveryAnswer();

export interface TestFederation extends Federation {
  folder: string;
}

/** Short times, so that a test sees what a schedule does; the polls are long, so that only a wake-up can end one. */
const settings = { checkpoint_interval_seconds: 1, merge_delay_seconds: 1, long_poll_seconds: 60, log_level: 'info' };

/** Gone with everything in it when the test ends. */
export async function startAgencies(
  t: { teardown(end: () => Promise<void>): void },
  names: string[],
  more: Record<string, unknown> = {},
  options: { tapped?: boolean } = {},
): Promise<TestFederation> {
  const folder = await mkdtemp(join(tmpdir(), 'entente-trial-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const federation = await startFederation({
    folder,
    plans: plans.filter((plan) => names.includes(plan.name)),
    settings: { ...settings, ...more },
    ...options,
  });
  t.teardown(() => federation.stop());
  // Three nodes that start at once on a busy machine may turn callers away for a moment.
  const answers = ({ api }: Member) =>
    api.peers().then(
      () => true,
      () => undefined,
    );
  await Promise.all(federation.members.map((member) => until(`${member.agency.name} to answer`, () => answers(member), 120)));
  return Object.assign(federation, { folder });
}

/** One line of the access log: who did what, to what, for which purpose. */
export interface AccessEntry {
  operation: string;
  actor: string;
  role?: string;
  purpose?: string;
  justification?: string;
  object?: string;
  code?: string;
}

/** The node's access log, as its auditor reads it. */
export async function accessOf({ api }: Member): Promise<AccessEntry[]> {
  const read = async (from: number) => (await api.auditor.GET('/audit/v1/access', { params: { query: { from, limit: 500 } } })).data!;
  const entries: AccessEntry[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: Awaited<ReturnType<typeof read>> = await read(from);
    entries.push(...page.items.flatMap(({ entry }) => (entry === null ? [] : [JSON.parse(entry) as AccessEntry])));
    from = page.next;
  }
  return entries;
}

/** The code with which the node's API refuses, or what it answered. */
export async function codeOf(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    (answer) => ({ answered: answer }),
    (error: { code?: unknown }) => error.code ?? error,
  );
}
