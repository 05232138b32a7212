/** What the node's API answers, by the names that people use for it. */
import type { paths } from '@entente/client';

type Answer<Path extends keyof paths, Method extends keyof paths[Path], Status extends number = 200> = paths[Path][Method] extends {
  responses: { [S in Status]: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;
type Item<List> = List extends { items: (infer One)[] } ? One : never;

export type StatementHeader = Item<Answer<'/v1/statements', 'get'>>;
export type StatementContent = Answer<'/v1/statements/{digest}/content', 'get'>;
export type Delivery = Item<Answer<'/v1/dead-letters', 'get'>>;
export type Posted = Answer<'/v1/drafts/{id}/release', 'post', 201>;
export type Awaiting = Answer<'/v1/statements', 'post', 202>;
export type Finding = Posted['warnings'][number];
export type DraftHeader = Item<Answer<'/v1/drafts', 'get'>>;
export type Draft = Answer<'/v1/drafts/{id}', 'get'>;
export type Preview = Item<Answer<'/v1/drafts/{id}/preview', 'get'>>;
export type Expiry = Item<Answer<'/v1/expiries', 'get'>>;
export type InboxItem = Item<Answer<'/v1/inbox', 'get'>>;
export type Quarantined = Item<Answer<'/v1/quarantine', 'get'>>;
export type Attachment = Item<Answer<'/v1/statements/{digest}/attachments', 'get'>>;
export type ConsentRequest = Item<Answer<'/v1/onward/requests', 'get'>>;
export type SingleRelease = Item<Answer<'/v1/single-releases', 'get'>>;
export type Recall = Item<Answer<'/v1/recalls', 'get'>>;
export type AnswersOf = Item<Answer<'/v1/answers', 'get'>>;
export type Due = Item<Answer<'/v1/retention/due', 'get'>>;
export type Erasure = Item<Answer<'/v1/statements/{digest}/erasures', 'get'>>;
export type SubjectListed = Item<Answer<'/v1/subject-requests', 'get'>>;
export type SubjectRequest = Answer<'/v1/subject-requests/{id}', 'get'>;
export type SubjectFinding = SubjectRequest['findings'][number];
export type SubjectInput = NonNullable<paths['/v1/subject-requests']['post']['requestBody']>['content']['application/json'];
export type SubjectAnswer = NonNullable<paths['/v1/subject-requests/{id}/answer']['put']['requestBody']>['content']['application/json'];
export type Feed = Item<Answer<'/v1/feeds', 'get'>>;
export type Witnessed = Item<Answer<'/v1/witnessing', 'get'>>;
export type Shipment = Item<Answer<'/v1/shipments', 'get'>>;
export type Peer = Item<Answer<'/v1/peers', 'get'>>;
export type Agreement = Item<Answer<'/v1/agreements', 'get'>>;
export type Declared = Answer<'/v1/declarations', 'post', 201>;
export type StatementBody = NonNullable<paths['/v1/statements']['post']['requestBody']>['content']['application/json'];
export type DraftBody = NonNullable<paths['/v1/drafts']['post']['requestBody']>['content']['application/json'];
export type PeerLimits = NonNullable<paths['/v1/peers/{id}']['patch']['requestBody']>['content']['application/json'];
export type Watch = Item<Answer<'/v1/watches', 'get'>>;
export type WatchHit = Item<Answer<'/v1/watches/{id}/hits', 'get'>>;
export type Webhook = Item<Answer<'/v1/webhooks', 'get'>>;
