/** What is measured, and under which names. Numbers only: no content, no persons. Who partners are, and how much goes to them, stands in labels. */
import { reminderHorizon, subjectStanding } from '@entente/policy';
import type { Store } from '@entente/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { daysLeft, type Expiry } from '../expiry/expiries.js';

export interface MetricsDeps {
  store: Pick<Store, 'measures' | 'answerFigures' | 'peers' | 'feedIn' | 'feedGaps' | 'subjectsDue'>;
  expiries: () => Expiry[];
  /** Seconds since the epoch at which a peer was last heard of in this process. */
  lastHeard: (peer: string) => number | undefined;
  now: () => number;
}

type OnResponse = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

export interface Metrics {
  /** The text that Prometheus reads. */
  text(): Promise<string>;
  contentType: string;
  /** Times every request of a listener, by route and never by address. */
  time(app: { addHook(name: 'onResponse', hook: OnResponse): unknown }, face: 'agency' | 'federation'): void;
}

export function createMetrics(deps: MetricsDeps): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const requests = new Histogram({
    name: 'entente_http_request_duration_seconds',
    help: 'From a request to the end of its answer. Long polls are held open on purpose.',
    labelNames: ['face', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [register],
  });
  const gauge = gauges(register);
  return {
    contentType: register.contentType,
    text: async () => {
      await Promise.all([measured(deps, gauge), incoming(deps, gauge), answers(deps, gauge), subjects(deps, gauge)]);
      running(deps, gauge);
      return await register.metrics();
    },
    time: (app, face) => {
      app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
        const route = `${method} ${routeOptions.url ?? 'unknown'}`;
        requests.observe({ face, route, status: `${Math.floor(statusCode / 100)}xx` }, elapsedTime / 1000);
      });
    },
  };
}

type Gauges = ReturnType<typeof gauges>;

function gauges(register: Registry) {
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge<L>({ name: `entente_${name}`, help, labelNames, registers: [register] });
  return {
    released: gauge('feed_released', 'Positions given out on the feed to a partner in its epoch.', ['peer']),
    queued: gauge('feed_queued', 'Releases that a partner has not yet answered: the outbox.', ['peer']),
    oldest: gauge('feed_oldest_queued_seconds', 'Age of the oldest of them: how far the partner lags behind. 0 when none waits.', ['peer']),
    deadLetters: gauge('feed_refused', 'Releases that a partner refused: dead letters.', ['peer']),
    received: gauge('feed_received', 'Last position on the pages that were accepted of a partner.', ['peer']),
    missing: gauge('feed_missing', 'Positions that a partner announced and did not give.', ['peer']),
    heard: gauge('peer_last_heard_seconds', 'Since a partner last asked or answered. Absent when it has not yet.', ['peer']),
    answers: gauge('answers', 'What asks for an answer by a time, by what became of it. Refused is answered; lapsed is not.', [
      'peer',
      'kind',
      'asked_by',
      'state',
    ]),
    quarantined: gauge('quarantined', 'Releases that came in and could not be judged.'),
    singleReleases: gauge(
      'single_releases',
      'Releases by one officer alone, by what became of them; the undecided ones wait for another officer.',
      ['outcome'],
    ),
    webhooks: gauge('webhooks', 'Webhooks by state; the dead ones are not told any more.', ['state']),
    logSize: gauge('log_entries', 'Entries of a log in its epoch.', ['log']),
    epoch: gauge('log_epoch', 'Epoch of a log.', ['log']),
    checkpointAge: gauge(
      'log_checkpoint_age_seconds',
      'Since the last checkpoint of a log was signed. One is signed only when something was added.',
      ['log'],
    ),
    pool: gauge('database_connections', 'Connections to the database by what they do; `waiting` are requests without one.', ['state']),
    subjects: gauge('subject_requests_due', 'Requests of persons that are not answered, and due within seven days or overdue.', [
      'standing',
    ]),
    expiry: gauge('expiry_days', 'Days until something ends that the exchange needs.', ['what', 'owner', 'name']),
  };
}

async function measured({ store, now }: MetricsDeps, gauge: Gauges): Promise<void> {
  const { feeds, quarantined, singleReleases, webhooks, logs, pool } = await store.measures();
  for (const { peer, released, queued, refused, oldestQueuedAt } of feeds) {
    gauge.released.set({ peer }, released);
    gauge.queued.set({ peer }, queued);
    gauge.deadLetters.set({ peer }, refused);
    gauge.oldest.set({ peer }, oldestQueuedAt === null ? 0 : Math.max(0, now() - oldestQueuedAt));
  }
  gauge.quarantined.set(quarantined);
  gauge.singleReleases.reset();
  for (const { outcome, count } of singleReleases) gauge.singleReleases.set({ outcome }, count);
  gauge.webhooks.reset();
  for (const { state, count } of webhooks) gauge.webhooks.set({ state }, count);
  for (const { log, epoch, size, checkpointAt } of logs) {
    gauge.logSize.set({ log }, size);
    gauge.epoch.set({ log }, epoch);
    if (checkpointAt !== null) gauge.checkpointAge.set({ log }, Math.max(0, now() - checkpointAt));
  }
  for (const [state, count] of Object.entries(pool)) gauge.pool.set({ state }, count);
}

async function incoming({ store, lastHeard, now }: MetricsDeps, gauge: Gauges): Promise<void> {
  for (const { id: peer } of await store.peers()) {
    const [feed, gaps] = await Promise.all([store.feedIn(peer), store.feedGaps(peer, now())]);
    gauge.received.set({ peer }, feed.last);
    gauge.missing.set({ peer }, gaps.length);
    const heard = lastHeard(peer);
    if (heard !== undefined) gauge.heard.set({ peer }, Math.max(0, now() - heard));
  }
}

async function subjects({ store, now }: MetricsDeps, gauge: Gauges): Promise<void> {
  const due = (await store.subjectsDue(reminderHorizon(now()))).map(({ dueAt }) => subjectStanding({ dueAt }, now()));
  for (const standing of ['DUE_SOON', 'OVERDUE']) gauge.subjects.set({ standing }, due.filter((one) => one === standing).length);
}

async function answers({ store, now }: MetricsDeps, gauge: Gauges): Promise<void> {
  const figures = await store.answerFigures(now());
  gauge.answers.reset();
  // Grounds of refusals are summed up: they are read where they are listed.
  for (const { peer, kind, own, state, count } of figures) gauge.answers.inc({ peer, kind, asked_by: own ? 'self' : 'peer', state }, count);
}

function running({ expiries, now }: MetricsDeps, gauge: Gauges): void {
  gauge.expiry.reset();
  for (const { what, owner, name, expiresAt } of expiries()) gauge.expiry.set({ what, owner, name }, daysLeft(expiresAt, now()));
}
