/** The node, whole: opened from its configuration, started, closed. Production and tests use this one. */
import { randomBytes } from 'node:crypto';
import { openStore, pendingRestoration } from '@entente/store';
import type { Logger } from 'pino';
import type { Self } from './agency/acts.js';
import { trustedIssuers } from './auth/keys.js';
import { clockOf } from './clock.js';
import { readSecret } from './config/load.js';
import type { Config } from './config/schema.js';
import { loadContentKeys } from './content-keys.js';
import { announceExpiries } from './expiry/announce.js';
import { expiriesOf } from './expiry/expiries.js';
import { agreementRoutes } from './federation/agreement-routes.js';
import { federationAttachmentRoutes } from './federation/attachments.js';
import { configurationRoutes } from './federation/configuration-routes.js';
import { countRefusals } from './federation/count-refusals.js';
import { heldRoutes } from './federation/held-routes.js';
import { federationListener } from './federation/listener.js';
import { logRoutes } from './federation/log-routes.js';
import { federationRoutes } from './federation/routes.js';
import { witnessRoutes } from './federation/witness-routes.js';
import { createAttachments } from './flow/attachments.js';
import { createCheckpoints, scheduleCheckpoints } from './flow/checkpoint.js';
import { createCompleteness } from './flow/completeness.js';
import { createConsents } from './flow/consents.js';
import { createDeclarationActs } from './flow/declaration.js';
import { createDelivery } from './flow/deliver.js';
import { createDraftActs } from './flow/draft.js';
import { fetchAttachments } from './flow/fetch-attachments.js';
import { createHorizon } from './flow/horizon.js';
import { keepHouse } from './flow/housekeeping.js';
import { createIssue } from './flow/issue.js';
import { type Pulling, startPulling } from './flow/pull.js';
import { createReception } from './flow/receive.js';
import { eraseExpired } from './flow/retention.js';
import { createDeliverActs, createReceiveActs } from './flow/retry.js';
import { forward } from './flow/reversal/forward.js';
import { createReversalRequests } from './flow/reversal/request.js';
import { createReversing } from './flow/reversal/run.js';
import { createSingleReleases } from './flow/single-release/acts.js';
import { killAt, noStep } from './flow/step.js';
import { createSubjectActs } from './flow/subject/acts.js';
import { subjectChores } from './flow/subject/clock.js';
import { openWake } from './flow/wake.js';
import { watchPast } from './flow/watch-past.js';
import { agencyListener } from './http/agency-listener.js';
import { closeInOrder } from './http/close.js';
import { countKeyUse } from './key-use.js';
import { knowEachOther } from './log/know-each-other.js';
import { openPublishedEpoch, rollLog } from './log/roll-over.js';
import { listenForMetrics } from './metrics/listener.js';
import { createMetrics } from './metrics/registry.js';
import { openOwnIdentity } from './own-identity.js';
import { createAgreementActs } from './peers/agreement-acts.js';
import { createAgreementIntake } from './peers/agreement-intake.js';
import { type AgreementTelling, startAgreementTelling } from './peers/agreement-telling.js';
import { announceChanges } from './peers/announce.js';
import { openDirectory } from './peers/directory.js';
import { createPeerActs } from './peers/pin.js';
import { refreshSoon } from './peers/refresh.js';
import { createRenewal } from './peers/renewal.js';
import { askPeers, outrunBy, refuseOutrun } from './recovery/ask-peers.js';
import { watchFeeds } from './subscriptions/incomplete.js';
import { openNews } from './subscriptions/news.js';
import { startTelling } from './subscriptions/tell.js';
import { createComparison } from './witness/comparison.js';
import { createGathering } from './witness/gather.js';
import { connectedBy, createRounds } from './witness/rounds.js';
import { createSuspicion } from './witness/suspicion.js';
import { createWitness } from './witness/witness.js';

export interface Node extends AsyncDisposable {
  /** Where it listens now. */
  addresses: { agency: string; federation: string };
  /** Rejects when it must not go on. */
  failed: Promise<never>;
}

/** An upload that no statement has named for so long is forgotten. */
const UNNAMED_SECONDS = 86_400;

const random = (bytes: number): Uint8Array => randomBytes(bytes);

/** Opens, in this order: keys, database, what it knows of others, both listeners, the work in the background. Closes in the opposite one. */
export async function startNode(config: Config, logger: Logger): Promise<Node> {
  const closing = closers();
  let fail: (reason: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined); // whoever waits for it hears of it
  try {
    const addresses = await assemble(config, logger, closing.add, fail);
    return { addresses, failed, [Symbol.asyncDispose]: closing.all };
  } catch (error) {
    await closing.all();
    throw error;
  }
}

async function assemble(
  config: Config,
  logger: Logger,
  closeLater: (close: () => PromiseLike<unknown>) => void,
  fail: (reason: unknown) => void,
): Promise<Node['addresses']> {
  const now = clockOf(process.env);
  const keyUse = countKeyUse();
  const identity = openOwnIdentity(config, { now, used: keyUse.count, logger });
  const content = loadContentKeys(config, random, keyUse.count);
  const step = process.env.ENTENTE_KILL_AT ? killAt(process.env.ENTENTE_KILL_AT) : noStep;

  const url = readSecret(config.database.url_file);
  const store = await openStore({
    url,
    poolSize: config.database.pool_size,
    applicationName: 'entente-node',
    now,
    random,
  });
  closeLater(() => store[Symbol.asyncDispose]());
  const directory = await openDirectory(store, identity.id);
  if (await pendingRestoration(url)) throw new Error('this database came from a backup and is not recovered: run `entente recover`');
  refuseOutrun((await askPeers({ store, identity, tls: identity.tls }, directory.active())).standings);
  keyUse.writeTo(store, logger, Math.min(60, config.checkpoint_interval_seconds));
  closeLater(() => keyUse[Symbol.asyncDispose]());
  await identity.record(store);
  await openPublishedEpoch({ store, logger, now })(identity);
  await directory.refresh();
  const wake = await openWake(store);
  closeLater(() => wake[Symbol.asyncDispose]());
  wake.on('agreement', () => refreshSoon({ directory, logger }));

  const looks = { store, identity, directory, content, ceiling: config.classification.ceiling, now, step, logger };
  const connected = connectedBy(identity.tls);
  const renewal = createRenewal({ ...looks, connected });
  const consents = createConsents(looks);
  const limits = { maximumBytes: config.attachments.maximum_bytes, mediaTypes: config.attachments.media_types };
  const attachments = createAttachments({ store, content, random, limits });
  const common = { ...looks, renewal, consents, attachments, refusedKinds: config.refused_kinds };
  const delivery = createDelivery({ ...common, wake, longPollSeconds: config.long_poll_seconds });
  const reception = createReception(common);
  const completeness = createCompleteness({ ...common, mergeDelaySeconds: config.merge_delay_seconds });
  const checkpoints = createCheckpoints({ store, identity });
  const agreements = createAgreementActs(common);
  const issue = createIssue({ ...common, random });
  const reversing = createReversing({
    ...common,
    issue,
    erasure: config.recall_erasure,
    forward: (reversal) => forward({ ...common, random }, reversal),
  });
  const requests = createReversalRequests({ ...common, issue });
  const singleReleases = createSingleReleases({
    ...common,
    issue,
    recall: requests.recallUnconfirmed,
    allowed: config.single_release,
    self: identity.id,
    random,
  });
  const horizon = createHorizon({
    ...common,
    kekFile: config.kek_file,
    horizonDays: config.erasure_horizon_days,
    settleSeconds: config.kek_settle_seconds,
  });
  await horizon.adopt();
  const self: Self = { id: identity.id, configuration: () => identity.configuration };
  const pulling: { now?: Pulling } = {};
  const agreed: { telling?: AgreementTelling } = {};
  const expiries = () => {
    const { id, configuration, tls } = identity;
    return expiriesOf(
      { id, configuration, certificate: tls.certificate, peers: directory.all(), agreements: directory.agreements() },
      now(),
    );
  };
  const metrics = config.metrics && createMetrics({ store, expiries, now, lastHeard: (peer) => pulling.now?.lastHeard(peer) });
  const news = openNews(wake);

  const shutdown = new AbortController();
  const federation = federationListener({
    tls: identity.tls,
    directory,
    now,
    logger,
    limits: config.limits,
    heard: (peer) => {
      pulling.now?.heard(peer);
      agreed.telling?.heard(peer);
    },
    refused: countRefusals(store, logger),
  });
  metrics?.time(federation.app, 'federation');
  configurationRoutes(federation.app, { self, directory, renewal });
  federationRoutes(federation.app, { store, delivery, closing: shutdown.signal });
  federationAttachmentRoutes(federation.app, common);
  heldRoutes(federation.app, { store, content, directory, self: identity.id });
  const knows = (peer: string, other: string) => knowEachOther(peer, other, directory.agreements(), config.witnessing.neutral);
  logRoutes(federation.app, { store, knows });
  const suspicion = createSuspicion({ store, self: identity.id, logger });
  const gathering = createGathering({ ...common, suspicion, quorum: config.witnessing.quorum });
  const comparison = createComparison({ ...common, connected, knows, suspicion });
  witnessRoutes(federation.app, { witness: createWitness({ ...common, suspicion }), comparison });
  const rounds = createRounds({ directory, connected, gathering, comparison, logger });
  agreementRoutes(federation.app, { intake: createAgreementIntake(common) });
  wake.on('peer', () => refreshSoon({ directory, logger }, federation.renewTrust));

  const agency = await agencyListener({
    config,
    logger,
    issuers: trustedIssuers(config),
    self,
    store,
    content,
    findKey: directory.findKey,
    now,
    news,
    issue,
    consents,
    attachments,
    drafts: createDraftActs({ ...common, random }),
    declarations: createDeclarationActs({ ...common, random }),
    receive: createReceiveActs({ store, content, reception }),
    deliver: createDeliverActs({ store, issue, lastHeard: (peer) => pulling.now?.lastHeard(peer) }),
    peers: createPeerActs(common),
    agreements,
    checkpoints,
    reversals: { ...reversing, ...requests },
    singleReleases,
    subjects: createSubjectActs({ ...common, random, issue }),
    horizon,
    expiries,
    ...(metrics && { time: (app) => metrics.time(app, 'agency') }),
  });
  const addresses = {
    federation: await federation.app.listen({ host: config.federation.host, port: config.federation.port }),
    agency: await agency.listen({ host: config.agency.host, port: config.agency.port }),
  };
  closeLater(async () => {
    shutdown.abort(); // the held long polls answer empty, so that both listeners can close in order
    await Promise.all([closeInOrder(agency), closeInOrder(federation.app)]);
  });
  if (config.metrics && metrics) {
    const scraped = await listenForMetrics(config.metrics, metrics);
    closeLater(() => scraped[Symbol.asyncDispose]());
    logger.info({ url: scraped.url }, 'the node is measured');
  }
  const announcing = announceExpiries({ store, expiries, logger, now });
  closeLater(() => announcing[Symbol.asyncDispose]());
  const rolling = announceChanges({
    identity,
    directory,
    connected,
    rollLog: rollLog({ store, directory, connected, gathering, logger, now }),
    renewed: federation.renewTrust,
    logger,
  });
  closeLater(() => rolling[Symbol.asyncDispose]());
  const schedule = scheduleCheckpoints({ now, store, checkpoints, rounds, logger, intervalSeconds: config.checkpoint_interval_seconds });
  closeLater(() => schedule[Symbol.asyncDispose]());
  const housekeeping = keepHouse(
    [
      { name: 'clearing the quarantine', run: () => store.expireQuarantine() },
      { name: 'forgetting uploads that no statement has named', run: () => store.expireAttachments(now() - UNNAMED_SECONDS) },
      { name: 'recalling what nobody has confirmed', run: singleReleases.round },
      { name: 'carrying out recalls', run: reversing.round },
      { name: 'erasing at the end of retention', run: () => eraseExpired(common) },
      ...subjectChores(common),
      { name: 'moving the erasure horizon', run: horizon.moveWhenDue },
    ],
    config.clock_interval_seconds,
    logger,
  );
  closeLater(() => housekeeping[Symbol.asyncDispose]());
  wake.on(
    'reversal',
    () => void reversing.round().catch((error: Error) => logger.error({ reason: error.message }, 'recalls cannot be carried out now')),
  );
  const past = watchPast(store, logger);
  closeLater(() => past[Symbol.asyncDispose]());
  const feeds = watchFeeds({ store, completeness, logger, everySeconds: Math.min(60, config.merge_delay_seconds) });
  closeLater(() => feeds[Symbol.asyncDispose]());
  const telling = startTelling({
    ...common,
    wake,
    news,
    privateAddresses: config.webhooks.private_addresses,
    giveUpSeconds: config.webhooks.give_up_days * 86_400,
  });
  closeLater(() => telling[Symbol.asyncDispose]());
  agreed.telling = startAgreementTelling({ ...common, wake, tls: identity.tls });
  closeLater(() => agreed.telling![Symbol.asyncDispose]());
  pulling.now = startPulling({
    ...common,
    reception,
    completeness,
    standing: outrunBy({ store, identity }, fail),
    wake,
    tls: identity.tls,
    longPollSeconds: config.long_poll_seconds,
  });
  closeLater(() => pulling.now![Symbol.asyncDispose]());
  const fetching = fetchAttachments({ ...common, wake, tls: identity.tls, limits });
  closeLater(() => fetching[Symbol.asyncDispose]());
  return addresses;
}

function closers() {
  const closes: (() => PromiseLike<unknown>)[] = [];
  return {
    add: (close: () => PromiseLike<unknown>) => void closes.push(close),
    all: async () => {
      for (const close of closes.splice(0).reverse()) await close();
    },
  };
}
