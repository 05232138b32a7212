/** The agency listener, whole: agency, administration and audit API behind one set of rules. Production, tests and the OpenAPI document use this one. */

import type { FindKey } from '@entente/seal';
import type { Store } from '@entente/store';
import swagger from '@fastify/swagger';
import type { FastifyBaseLogger } from 'fastify';
import { agreementActRoutes } from '../admin/agreements.js';
import { expiryRoutes } from '../admin/expiry.js';
import { administrationRoutes } from '../admin/routes.js';
import type {
  AgreementActs,
  CheckpointActs,
  DeclarationActs,
  DeliverActs,
  DraftActs,
  HorizonActs,
  IssueActs,
  PeerActs,
  ReceiveActs,
  ReversalActs,
  Self,
} from '../agency/acts.js';
import { answerRoutes } from '../agency/answers.js';
import { attachmentRoutes } from '../agency/attachments.js';
import { bulkRoutes } from '../agency/bulk.js';
import { catalogueRoutes } from '../agency/catalogue.js';
import { declarationRoutes } from '../agency/declarations.js';
import { draftReleaseRoutes } from '../agency/draft-release.js';
import { draftRoutes } from '../agency/drafts.js';
import { eventRoutes } from '../agency/events.js';
import { exportRoutes } from '../agency/exports.js';
import { federationReadRoutes } from '../agency/federation.js';
import { feedRoutes } from '../agency/feeds.js';
import { inboxRoutes } from '../agency/inbox.js';
import { onwardRoutes } from '../agency/onward.js';
import { onwardDecisionRoutes } from '../agency/onward-decisions.js';
import { previewRoutes } from '../agency/previews.js';
import { recallRoutes } from '../agency/recalls.js';
import { retentionRoutes } from '../agency/retention.js';
import { searchRoutes } from '../agency/search.js';
import { type SingleReleaseActs, singleReleaseRoutes } from '../agency/single-releases.js';
import { statementRoutes } from '../agency/statements.js';
import type { SubjectActs } from '../agency/subject-acts.js';
import { subjectAnswerRoutes } from '../agency/subject-answers.js';
import { subjectFindingRoutes } from '../agency/subject-findings.js';
import { subjectRoutes } from '../agency/subjects.js';
import { threadRoutes } from '../agency/thread.js';
import { troubleRoutes } from '../agency/troubles.js';
import { watchRoutes } from '../agency/watches.js';
import { webhookRoutes } from '../agency/webhooks.js';
import { witnessingRoutes } from '../agency/witnessing.js';
import { auditRoutes } from '../audit/routes.js';
import type { TrustedIssuer } from '../auth/keys.js';
import { authentication } from '../auth/tokens.js';
import type { Config } from '../config/schema.js';
import type { ContentKeys } from '../content-keys.js';
import type { Expiry } from '../expiry/expiries.js';
import type { Attachments } from '../flow/attachments.js';
import type { Consents } from '../flow/consents.js';
import type { News } from '../subscriptions/news.js';
import { type App, agencyServer } from './listener.js';
import { openRoutes } from './open-routes.js';
import { apiDescription } from './openapi.js';

/** Handed on in parts: each group of routes takes the few that it needs. */
export interface AgencyListenerDeps {
  config: Pick<
    Config,
    'agency' | 'limits' | 'classification' | 'exercise' | 'merge_delay_seconds' | 'clock_tolerance_seconds' | 'webhooks' | 'witnessing'
  >;
  logger: FastifyBaseLogger | false;
  issuers: readonly TrustedIssuer[];
  self: Self;
  store: Store;
  content: ContentKeys;
  findKey: FindKey;
  now: () => number;
  news: News;
  issue: IssueActs;
  consents: Consents;
  attachments: Attachments;
  drafts: DraftActs;
  declarations: DeclarationActs;
  receive: ReceiveActs;
  deliver: DeliverActs;
  peers: PeerActs;
  agreements: AgreementActs;
  checkpoints: CheckpointActs;
  reversals: ReversalActs;
  subjects: SubjectActs;
  singleReleases: SingleReleaseActs;
  horizon: HorizonActs;
  expiries: () => Expiry[];
  /** Times the requests. */
  time?: (app: App) => void;
}

/** Built and ready to listen; the caller listens and closes. */
export async function agencyListener(deps: AgencyListenerDeps): Promise<App> {
  const { config, store, content, findKey, now } = deps;
  const { ceiling } = config.classification;
  const app = await agencyServer({ logger: deps.logger, agency: config.agency, limits: config.limits });
  deps.time?.(app);
  await app.register(swagger, apiDescription);
  await authentication(app as never, {
    issuers: deps.issuers,
    clockToleranceSeconds: config.clock_tolerance_seconds,
    requestsPerMinute: config.limits.officer_requests_per_minute,
    record: (entry) => store.commit({ access: [entry] }),
  });
  openRoutes(app, { store });
  statementRoutes(app, { store, content, findKey, now, issue: deps.issue, exerciseOnly: config.exercise, ceiling });
  searchRoutes(app, { store, content, now });
  threadRoutes(app, { store, content, findKey, now });
  bulkRoutes(app, { store, issue: deps.issue, exerciseOnly: config.exercise, ceiling, lineBytes: config.limits.body_bytes });
  exportRoutes(app, { store, content, findKey, now });
  attachmentRoutes(app, { store, content, findKey, now, attachments: deps.attachments });
  onwardRoutes(app, { store, content, findKey, now, issue: deps.issue, consents: deps.consents });
  onwardDecisionRoutes(app, { store, content, findKey, now, issue: deps.issue, consents: deps.consents });
  previewRoutes(app, { store, issue: deps.issue });
  draftRoutes(app, { store, drafts: deps.drafts, ceiling });
  draftReleaseRoutes(app, { store, drafts: deps.drafts, issue: deps.issue, exerciseOnly: config.exercise });
  singleReleaseRoutes(app, { store, drafts: deps.drafts, singleReleases: deps.singleReleases, now });
  declarationRoutes(app, { store, declarations: deps.declarations, content, declarationBytes: config.limits.declaration_bytes });
  recallRoutes(app, { store, reversals: deps.reversals, now });
  const subjects = { store, content, consents: deps.consents, now, subjects: deps.subjects };
  subjectRoutes(app, subjects);
  subjectFindingRoutes(app, subjects);
  subjectAnswerRoutes(app, subjects);
  answerRoutes(app, { store, now });
  retentionRoutes(app, { store, horizon: deps.horizon, now });
  inboxRoutes(app, { store, content, now });
  watchRoutes(app, { store, content, now });
  troubleRoutes(app, { store, receive: deps.receive, deliver: deps.deliver });
  feedRoutes(app, { store, deliver: deps.deliver, now, mergeDelaySeconds: config.merge_delay_seconds });
  witnessingRoutes(app, { store, quorum: config.witnessing.quorum });
  eventRoutes(app, { store, news: deps.news, now });
  webhookRoutes(app, { store, content, addresses: { privateAddresses: config.webhooks.private_addresses } });
  catalogueRoutes(app);
  federationReadRoutes(app, { store, self: deps.self, now });
  administrationRoutes(app, { store, peers: deps.peers });
  agreementActRoutes(app, { store, self: deps.self, agreements: deps.agreements, now });
  expiryRoutes(app, { expiries: deps.expiries, now });
  app.register(async (scope) => auditRoutes(scope as App, { store, self: deps.self, checkpoints: deps.checkpoints }));
  await app.ready();
  return app;
}
