import type { SingleRelease } from '../answers.js';
import type { Act } from '../command.js';
import { wholeDigest } from '../digest.js';
import { confirmed, type DecideOptions, versionOf, whyOf } from '../draft/decide.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { moreBelow, type PagingOptions, pageOf } from '../paging.js';
import { postedOutcome } from '../statement/posted.js';
import { type Columns, listing, sheet, showing } from '../table.js';

/** `entente draft release-alone ID`. */
export const releaseAlone: Act<DecideOptions> = async (options, [id = ''], { terminal }) => {
  const checklist = await confirmed(options, terminal);
  const client = await connect(options, 'CONTACT_POINT_24_7');
  const { data } = await client.POST('/v1/drafts/{id}/single-release', {
    params: {
      path: { id },
      header: { 'idempotency-key': `release-alone-${id}-${options.version ?? 'submitted'}`, ...versionOf(options), ...whyOf(options) },
    },
    body: { checklist: checklist as never, reason: options.reason },
  });
  const outcome = postedOutcome(data!, options.wide);
  const { statement, confirm_by } = data!;
  const next = `Another officer confirms it before ${showing().time(confirm_by)}, or it is recalled: entente single-release confirm ${statement}`;
  return { ...outcome, words: [...(outcome.words ?? []), '', next] };
};

const columns: Columns<SingleRelease> = {
  STATEMENT: (s, show) => show.digest(s.statement),
  KIND: (s) => s.kind,
  STATE: (s) => s.state,
  'RELEASED BY': (s) => s.officer,
  RELEASED: (s, show) => show.time(s.released_at),
  'CONFIRM BY': (s, show) => show.time(s.confirm_by),
  'DECIDED BY': (s) => s.decided_by,
  RECALL: (s, show) => show.digest(s.recall),
};

/** `entente single-release list`. */
export const listSingleReleases: Act<ConnectionOptions & PagingOptions & { state?: 'undecided' }> = async (options) => {
  const { state, wide } = options;
  const client = await connect(options, 'ANALYST');
  const ask = (query: { limit?: number; after?: string }) =>
    client.GET('/v1/single-releases', { params: { query: { ...(state && { state }), ...query } } });
  const page = await pageOf(options, ask);
  const none = 'Nothing was released by one officer alone.';
  return { result: { ...page }, words: [...listing(page.items, columns, { wide, none }), ...moreBelow(page)] };
};

/** `entente single-release show DIGEST`. */
export const showSingleRelease: Act<ConnectionOptions> = async (options, [word = '']) => {
  const { client, digest } = await named(options, word, 'ANALYST');
  const { data } = await client.GET('/v1/single-releases/{digest}', { params: { path: { digest } } });
  return shown(data!);
};

/** `entente single-release confirm DIGEST`. */
export const confirmSingleRelease: Act<DecideOptions> = async (options, [word = ''], { terminal }) => {
  const checklist = await confirmed(options, terminal);
  const { client, digest } = await named(options, word, 'RELEASER');
  const { data } = await client.POST('/v1/single-releases/{digest}/confirm', {
    params: { path: { digest }, header: whyOf(options) },
    body: { checklist: checklist as never, reason: options.reason },
  });
  return shown(data!);
};

/** `entente single-release reject DIGEST`. */
export const rejectSingleRelease: Act<DecideOptions> = async (options, [word = '']) => {
  const { client, digest } = await named(options, word, 'RELEASER');
  const { data } = await client.POST('/v1/single-releases/{digest}/reject', {
    params: { path: { digest }, header: whyOf(options) },
    body: { reason: options.reason },
  });
  return shown(data!);
};

async function named(options: ConnectionOptions, word: string, role: 'ANALYST' | 'RELEASER') {
  const client = await connect(options, role);
  const list = (query: { limit?: number; after?: string }) => client.GET('/v1/single-releases', { params: { query } });
  return { client, digest: await wholeDigest(word, list, ({ statement }) => statement) };
}

function shown(single: SingleRelease): Outcome {
  const { statement, kind, state, officer, released_at, confirm_by, decided_by, decided_at, recall } = single;
  const { time } = showing();
  const words = sheet({
    statement,
    kind,
    state,
    'released by': officer,
    released: time(released_at),
    'confirm by': time(confirm_by),
    'decided by': decided_by,
    decided: decided_at && time(decided_at),
    recall,
  });
  return { result: { ...single }, words };
}
