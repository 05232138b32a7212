/** What a trial asks of an agency's node, over its published API, as the person who may ask it. */
import { createClient, type paths } from '@entente/client';
import type { Agency } from './agency.js';
import { patient } from './patient.js';
import type { Tokens } from './people.js';

/** Why content is read: it stands in the node's access log. */
export interface Why {
  purpose: string;
  justification: string;
}
const headers = (why: Why) => ({ 'entente-purpose': why.purpose, 'entente-justification': why.justification });

export type AgencyApi = ReturnType<typeof apiOf>;
type Body<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends {
  requestBody: { content: { 'application/json': infer B } };
}
  ? B
  : never;

export function apiOf(agency: Pick<Agency, 'url'>, tokens: Tokens) {
  const as = (token: string) => createClient({ baseUrl: agency.url, token, fetch: patient });
  const analyst = as(tokens.analyst);
  const releaser = as(tokens.releaser);
  const duty = as(tokens.duty);
  const head = as(tokens.head);
  const dpo = as(tokens.dpo);
  const administrator = as(tokens.administrator);
  const auditor = as(tokens.auditor);

  return {
    analyst,
    releaser,
    duty,
    head,
    dpo,
    administrator,
    auditor,

    peers: async () => (await administrator.GET('/v1/peers')).data!.items,
    addPeer: (configuration: string, thumbprint: string) => administrator.POST('/v1/peers', { body: { configuration, thumbprint } }),
    agreements: async () => (await administrator.GET('/v1/agreements')).data!.items,
    addAgreement: (jws: string) => administrator.POST('/v1/agreements', { body: JSON.parse(jws) }),

    /** One declaration in the WCO data model, as it came. */
    declare: async (xml: Buffer) =>
      (
        await analyst.POST('/v1/declarations', {
          body: xml as never,
          bodySerializer: (bytes) => bytes as unknown as string,
          headers: { 'content-type': 'application/xml' },
        })
      ).data!,

    draft: async (id: string, why: Why) => {
      const { data, response } = await analyst.GET('/v1/drafts/{id}', { params: { path: { id }, header: headers(why) } });
      return { ...data!, etag: response.headers.get('etag') ?? '' };
    },
    replaceDraft: async (id: string, etag: string, body: Body<'/v1/drafts/{id}', 'put'>) =>
      (await analyst.PUT('/v1/drafts/{id}', { params: { path: { id }, header: { 'if-match': etag } }, body })).data!,
    submit: async (id: string, version: number, addressees: string[]) =>
      (
        await analyst.POST('/v1/drafts/{id}/submit', {
          params: { path: { id }, header: { 'if-match': `"${version}"` } },
          body: { addressees },
        })
      ).data!,
    preview: async (id: string, addressee: string, why: Why) =>
      (await releaser.GET('/v1/drafts/{id}/preview', { params: { path: { id }, query: { addressee: [addressee] }, header: headers(why) } }))
        .data!.items[0]!,
    release: async (id: string, body: Body<'/v1/drafts/{id}/release', 'post'>, why: Why) =>
      (await releaser.POST('/v1/drafts/{id}/release', { params: { path: { id }, header: headers(why) }, body })).data!,
    post: async (body: Body<'/v1/statements', 'post'>, key: string) =>
      (await analyst.POST('/v1/statements', { params: { header: { 'idempotency-key': key } }, body })).data!,

    /** What each partner would get of a statement that is kept nowhere yet. */
    previewed: async (statement: Body<'/v1/previews', 'post'>['statement'], addressees: string[], why: Why) =>
      (await analyst.POST('/v1/previews', { params: { header: headers(why) }, body: { statement, addressees } })).data!.items,

    askConsent: async (body: Body<'/v1/onward/requests', 'post'>, key: string) =>
      (await analyst.POST('/v1/onward/requests', { params: { header: { 'idempotency-key': key } }, body })).data!,
    decideConsent: async (digest: string, body: Body<'/v1/onward/requests/{digest}/decision', 'post'>, why: Why) =>
      (
        await analyst.POST('/v1/onward/requests/{digest}/decision', {
          params: { path: { digest }, header: { ...headers(why), 'idempotency-key': `decision-${digest}` } },
          body,
        })
      ).data!,
    withdrawConsent: async (digest: string, why: Why) =>
      (await analyst.POST('/v1/onward/consents/{digest}/withdrawal', { params: { path: { digest }, header: headers(why) } })).data!,
    consentRequest: async (digest: string, why: Why) =>
      (await analyst.GET('/v1/onward/requests', { params: { query: {}, header: headers(why) } })).data!.items.find(
        (item) => item.request === digest,
      ),
    passOn: async (body: Body<'/v1/onward/releases', 'post'>) => (await releaser.POST('/v1/onward/releases', { body })).data!,

    recall: async (digest: string, body: Body<'/v1/statements/{digest}/recall', 'post'>) =>
      (await analyst.POST('/v1/statements/{digest}/recall', { params: { path: { digest } }, body })).data!,
    recalled: async (digest: string) => (await analyst.GET('/v1/recalls/{digest}', { params: { path: { digest } } })).data!,

    inbox: async () => (await analyst.GET('/v1/inbox', { params: { query: { limit: 500 } } })).data!.items,
    content: async (digest: string, why: Why) =>
      (await analyst.GET('/v1/statements/{digest}/content', { params: { path: { digest }, header: headers(why) } })).data!,
    releases: async (digest: string) =>
      (await analyst.GET('/v1/statements/{digest}/releases', { params: { path: { digest } } })).data!.items,
  };
}
