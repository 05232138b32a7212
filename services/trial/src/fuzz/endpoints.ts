/** A real node that is asked everything by everybody: it refuses with a code, tells nothing, and stays up. */
import { Agent } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { agree } from '../agreement.js';
import { arrangement, post, sighting } from '../arrangement.js';
import { plans } from '../chaos/plans.js';
import { introduce, type Member, startFederation } from '../federation.js';
import { ask as askAsPartner } from '../overload/attacks.js';
import { targetOf } from '../overload/siege.js';
import { MARK } from './from-schema.js';
import { type Ask, asks } from './operations.js';
import { spoilt } from './spoil.js';

export interface EndpointFinds {
  requests: number;
  /** By status. */
  statuses: Record<string, number>;
  /** Operations that were asked, and how many of them answered with success at least once. */
  operations: number;
  succeeded: number;
  finds: { what: string; ask: unknown }[];
}

const settings = {
  log_level: 'info',
  kek_settle_seconds: 1, // moving the horizon waits so long
  limits: {
    requests_per_minute: 10_000_000,
    officer_requests_per_minute: 10_000_000,
    peer_requests_per_minute: 10_000_000,
    connections_per_minute: 10_000_000,
  },
};
const AT_ONCE = 8;
const BATCH = 200;
/** A finding is told so often at most; a thousand of a kind teach no more. */
const MOST_FINDS = 50;

export async function fuzzEndpoints(options: { folder: string; seconds: number; seed: number }): Promise<EndpointFinds> {
  const { folder, seconds, seed } = options;
  const federation = await startFederation({ folder, plans: plans.slice(0, 2), settings, tapped: false });
  try {
    const [asked, partner] = federation.members as [Member, Member];
    await introduce(federation.members);
    await agree(federation.members, arrangement(federation.members.map(({ agency }) => agency.id)));
    const known = [await post(asked, sighting(`${MARK} known`), [partner.agency.id]), partner.agency.id, ...(await namesIn(asked))];
    const finding = watchFor(asked);
    await Promise.all([
      untilOver(asks(known), seed, seconds, (ask) => askOfficially(asked, ask, finding)),
      partnerAsks(asked, partner, seed, seconds, finding),
    ]);
    if ((await asked.node.log()).includes(MARK)) finding.found('content in the log of the node', undefined);
    return finding.report();
  } finally {
    await federation.stop();
  }
}

/** Names of what a new node has of everything that an address can name. */
async function namesIn({ api }: Member): Promise<string[]> {
  const inbox = await api.inbox();
  const agreements = await api.agreements();
  return [...inbox.map(({ release }) => release), ...agreements.map(({ digest }) => digest)];
}

type Finding = ReturnType<typeof watchFor>;

function watchFor({ node }: Member) {
  const finds: EndpointFinds['finds'] = [];
  const statuses: Record<string, number> = {};
  const succeeded = new Map<string, boolean>();
  let requests = 0;
  let ended = false;
  void node.ended.then(() => {
    ended = true;
  });
  const found = (what: string, ask: unknown) => {
    if (finds.length < MOST_FINDS) finds.push({ what, ask });
  };
  return {
    found,
    get over() {
      return ended || finds.length >= MOST_FINDS;
    },
    judge: (operation: string, status: number, answer: string, again: boolean, ask: unknown) => {
      requests += 1;
      statuses[status] = (statuses[status] ?? 0) + 1;
      succeeded.set(operation, succeeded.get(operation) === true || (status >= 200 && status < 300));
      if (ended) found('the node has ended', ask);
      else if (status >= 500 && !(status === 503 && again)) found(`status ${status}`, ask);
      if (status >= 400 && answer.includes(MARK)) found('content in an error', ask);
    },
    report: (): EndpointFinds => ({
      requests,
      statuses,
      operations: succeeded.size,
      succeeded: [...succeeded.values()].filter(Boolean).length,
      finds,
    }),
  };
}

async function untilOver<T>(arbitrary: fc.Arbitrary<T>, seed: number, seconds: number, act: (one: T) => Promise<void>): Promise<void> {
  for (let batch = 0, end = performance.now() + seconds * 1000; performance.now() < end; batch++) {
    const queue = fc.sample(arbitrary, { numRuns: BATCH, seed: seed + batch });
    const work = async () => {
      for (let next = queue.pop(); next !== undefined && performance.now() < end; next = queue.pop()) await act(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
}

async function askOfficially({ agency, tokens }: Member, ask: Ask, finding: Finding): Promise<void> {
  if (finding.over) return void (await pause(10));
  const { operation, method, url, as, headers, body } = ask;
  const authorization = as && { authorization: `Bearer ${tokens[as]}` };
  try {
    const response = await fetch(`${agency.url}${url}`, {
      method,
      headers: { ...headers, ...authorization },
      ...(body !== undefined && method !== 'GET' && { body }),
      signal: AbortSignal.timeout(30_000),
    });
    finding.judge(operation, response.status, await response.text(), response.headers.has('retry-after'), ask);
  } catch (error) {
    finding.found(`no answer: ${(error as Error).message}`, ask);
  }
}

const partnerPaths = [
  '/feed/poll',
  '/feed/replay',
  '/agreements',
  '/agreements/acts',
  '/configuration',
  '/add-checkpoint',
  '/log/compare',
  '/nothing',
];
const partnerBodies = [
  '{"returnImmediately":true,"maxEvents":5,"ack":["x"],"setErrs":{"y":{"err":"z"}},"receipts":["a.b.c"],"pages_after":{"epoch":1,"position":0}}',
  '{"epoch":1,"after":0,"kinds":["sighting"]}',
  '{"payload":"e30","signatures":[{"protected":"e30","signature":"AAAA"}]}',
  'old 0\n\nexample/log/1\n0\nAAAA\n\n\u2014 example/log/1 AAAA\n',
];

/** The same from a partner. Statuses only: what a node tells its partner has tests of its own. */
async function partnerAsks(asked: Member, partner: Member, seed: number, seconds: number, finding: Finding): Promise<void> {
  const target = targetOf(asked, partner);
  const agent = new Agent({ keepAlive: true });
  const arbitrary = fc.record({
    path: fc.constantFrom(...partnerPaths),
    body: fc.oneof(...partnerBodies.map(spoilt)),
    type: fc.constantFrom('application/json', 'text/plain', 'application/jose'),
  });
  await untilOver(arbitrary, seed, seconds, async ({ path, body, type }) => {
    if (finding.over) return void (await pause(10));
    const status = await askAsPartner(target, agent, body, { 'content-type': type }, `/federation/v1${path}`);
    finding.judge(`partner ${path}`, status, '', true, { path, body, type });
  });
  agent.destroy();
}
