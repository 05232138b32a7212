import { randomUUID } from 'node:crypto';
import type { NodeClient, paths } from '@entente/client';
import { labelOf } from '@entente/statement';
import type { ConsentRequest, Posted } from '../answers.js';
import type { Act } from '../command.js';
import { wholeDigest } from '../digest.js';
import { CliError } from '../failure.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { moreBelow, type PagingOptions, pageOf } from '../paging.js';
import { type PurposeHeaders, type PurposeOptions, purposeHeaders } from '../purpose.js';
import { exitCodeOf, postedOutcome, releaseLines } from '../statement/posted.js';
import { wholeStatement } from '../statement/show.js';
import { type Columns, listing } from '../table.js';

interface ScopeOptions {
  to?: string[];
  field?: string[];
  class?: string[];
  for?: string[];
  until?: string;
}
type Options = ConnectionOptions & PurposeOptions & { wide?: boolean };
type Asked = NonNullable<paths['/v1/onward/requests']['post']['requestBody']>['content']['application/json'];
type Decided = NonNullable<paths['/v1/onward/requests/{digest}/decision']['post']['requestBody']>['content']['application/json'];

/** `entente onward request STATEMENT`. */
export const requestConsent: Act<Options & ScopeOptions & { why: string; replyBy: string }> = async (options, [word = '']) => {
  const client = await connect(options, 'ANALYST');
  const { field, class: classes, for: purposes, until, to } = options;
  if (!to || !field || !classes || !purposes || until === undefined)
    throw new CliError('usage', 'who asks says for whom and for what', '--to, --field, --class, --for and --until are needed.');
  const body = {
    statement: await wholeStatement(client, word),
    to_whom: to,
    why: options.why,
    scope: { fields: field, classes, purposes, until },
    reply_by: options.replyBy,
  };
  const { data } = await client.POST('/v1/onward/requests', { params: { header: key() }, body: body as Asked });
  return postedOutcome(data as Posted, options.wide);
};

const columns: Columns<ConsentRequest> = {
  REQUEST: (r, show) => show.digest(r.request),
  STATE: (r) =>
    r.decided?.refusal === undefined ? r.state : `${r.state} (${r.decided.refusal}: ${labelOf('refusal', String(r.decided.refusal))})`,
  'ASKED BY': (r) => (r.own ? `${r.holder} (own)` : r.holder),
  ORIGINATOR: (r) => r.originator,
  STATEMENT: (r, show) => show.digest(r.statement),
  WHAT: (r) => (r.right === undefined ? r.consent_kind : `${r.consent_kind} (${r.right})`),
  'TO WHOM': (r) => r.to_whom?.join(' '),
  'REPLY BY': (r, show) => show.time(r.reply_by),
  CONSENT: (r, show) => show.digest(r.consent),
};

/** `entente onward list`. */
export const listRequests: Act<Options & PagingOptions & { own?: boolean; received?: boolean }> = async (options) => {
  const header = purposeHeaders(options);
  const own = options.own ? { own: true } : options.received ? { own: false } : {};
  const page = await pageOf(options, requestPages(await connect(options, 'ANALYST'), header, own));
  return {
    result: { ...page },
    words: [...listing(page.items, columns, { wide: options.wide, none: 'Nobody asked.' }), ...moreBelow(page)],
  };
};

/** `entente onward consent REQUEST`. */
export const giveConsent: Act<Options & ScopeOptions & { retainUntil?: string; conditions?: string; externalConsent?: string }> = async (
  options,
  [word = ''],
) => {
  const header = purposeHeaders(options);
  const client = await connect(options, 'ANALYST');
  const asked = await named(client, header, word);
  const { conditions, externalConsent, field } = options;
  const said = conditions === undefined ? { decision: 'GRANTED' } : { decision: 'GRANTED_WITH_CONDITIONS', conditions };
  const what = asked.consent_kind === 'DISCLOSE_TO_SUBJECT' ? { ...(field && { told: field }) } : granted(asked, options);
  const outside = externalConsent === undefined ? {} : { external_consent: externalConsent };
  return decide(client, header, asked.request, options.wide, { ...said, ...what, ...outside } as Decided);
};

/** What was asked for where nothing else is named. */
function granted(asked: ConsentRequest, options: ScopeOptions & { retainUntil?: string }) {
  const scope = asked.scope as { fields: string[]; classes: string[]; purposes: string[]; until: string };
  if (options.retainUntil === undefined)
    throw new CliError('usage', 'who consents says how long it may be kept', '--retain-until is needed.');
  return {
    to_whom: options.to ?? asked.to_whom,
    scope: {
      fields: options.field ?? scope.fields,
      classes: options.class ?? scope.classes,
      purposes: options.for ?? scope.purposes,
      until: options.until ?? scope.until,
      retain_until: options.retainUntil,
    },
  };
}

/** `entente onward refuse REQUEST`. */
export const refuseConsent: Act<Options & { refusal: string }> = async (options, [word = '']) => {
  const header = purposeHeaders(options);
  const client = await connect(options, 'ANALYST');
  const { request } = await named(client, header, word);
  return decide(client, header, request, options.wide, { decision: 'REFUSED', refusal: options.refusal as 'RG01' });
};

/** `entente onward withdraw CONSENT`. */
export const withdrawConsent: Act<Options> = async (options, [word = '']) => {
  const header = purposeHeaders(options);
  const client = await connect(options, 'ANALYST');
  const digest = await wholeStatement(client, word);
  const { data } = await client.POST('/v1/onward/consents/{digest}/withdrawal', {
    params: { path: { digest }, header: { ...key(), ...header } },
  });
  return postedOutcome(data as Posted, options.wide);
};

/** `entente onward release STATEMENT`. */
export const passOn: Act<Options & { to?: string[]; holdBack?: string[]; reason: string }> = async (options, [word = '']) => {
  const client = await connect(options, 'RELEASER');
  const { to, holdBack = [], reason } = options;
  if (!to) throw new CliError('usage', 'nobody is named to whom it is passed on', 'Name each agency with --to.');
  const { data } = await client.POST('/v1/onward/releases', {
    params: { header: key() },
    body: { statement: await wholeStatement(client, word), addressees: to, hold_back: holdBack, reason },
  });
  const releases = data?.releases ?? [];
  return { result: { ...data }, words: releaseLines(releases, options.wide), ...exitCodeOf(releases) };
};

async function decide(client: NodeClient, header: PurposeHeaders, digest: string, wide: boolean | undefined, body: Decided) {
  const { data } = await client.POST('/v1/onward/requests/{digest}/decision', {
    params: { path: { digest }, header: { ...key(), ...header } },
    body,
  });
  return postedOutcome(data as Posted, wide);
}

const requestPages =
  (client: NodeClient, header: PurposeHeaders, own: { own?: boolean } = {}) =>
  (query: { limit?: number; after?: string }) =>
    client.GET('/v1/onward/requests', { params: { query: { ...own, ...query }, header } });

async function named(client: NodeClient, header: PurposeHeaders, word: string): Promise<ConsentRequest> {
  const pages = requestPages(client, header, { own: false });
  const found: ConsentRequest[] = [];
  const request = await wholeDigest(word, pages, (item) => {
    found.push(item);
    return item.request;
  });
  const known =
    found.find((item) => item.request === request) ?? (await pages({ limit: 500 })).data?.items.find((item) => item.request === request);
  if (known === undefined)
    throw new CliError('usage', `${request} is no request of a partner`, 'Or it may not be read for this purpose: `entente onward list`.');
  return known;
}

/** Each call is an act of its own. */
const key = () => ({ 'idempotency-key': `onward-${randomUUID()}` });
