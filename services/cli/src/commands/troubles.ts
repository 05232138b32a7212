import type { NodeClient } from '@entente/client';
import type { Delivery, Feed, Quarantined } from '../answers.js';
import { group, type Register, withExamples, withNode } from '../command.js';
import { digestArgument, wholeDigest } from '../digest.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { moreBelow, type PagingOptions, pageOf, withPaging, withWide } from '../paging.js';
import { type Columns, listing } from '../table.js';

type Options = ConnectionOptions & PagingOptions;

const feeds: Columns<Feed> = {
  PARTNER: (f) => f.peer,
  STATE: (f) => f.state,
  'LAST HEARD': (f, show) => show.time(f.last_heard_at),
  RELEASED: (f) => f.outgoing.released,
  QUEUED: (f) => f.outgoing.queued,
  REFUSED: (f) => f.outgoing.refused,
  'LAST RECEIPT': (f, show) => show.time(f.outgoing.last_receipt_at),
  RECEIVED: (f) => f.incoming.last,
  MISSING: (f) => (f.incoming.complete ? 'none' : f.incoming.missing.map(({ position }) => position).join(' ')),
};

const quarantined: Columns<Quarantined> = {
  RELEASE: (q, show) => show.digest(q.release),
  FROM: (q) => q.from,
  SINCE: (q, show) => show.time(q.at),
  CODE: (q) => q.code,
  REASON: (q) => q.reason,
};

const deadLetters: Columns<Delivery> = {
  RELEASE: (d, show) => show.digest(d.release),
  ADDRESSEE: (d) => d.addressee,
  KIND: (d) => d.kind,
  CODE: (d) => d.code,
  RELEASED: (d, show) => show.time(d.released_at),
  RECEIPT: (d, show) => show.time(d.receipt_at),
  STATEMENT: (d, show) => show.digest(d.statement),
};

/** What an administrator looks at when the exchange does not flow: feeds, quarantine, dead letters. */
export const registerTroubles: Register = (program, run) => {
  const feed = group(program, 'feed', 'how the exchange stands', 'How the exchange with each partner stands, by positions of the feeds.');
  const status = withWide(feed.command('status').summary('per partner, both ways'));
  status.description(
    'Shows for each partner what was released, what waits or was refused, and what came in, with positions that are missing.',
  );
  withExamples(withNode(status), ['entente feed status', 'entente feed status --json']).action(run(feedStatus));

  const troubles = (
    name: string,
    summary: string,
    description: string,
    acts: { list: typeof listQuarantine; retry: typeof retryQuarantine },
    retrying: string,
  ) => {
    const parent = group(program, name, summary, description);
    const list = withPaging(parent.command('list').summary('all of them').description(description));
    withExamples(withNode(list), [`entente ${name} list`, `entente ${name} list --wide`]).action(run(acts.list));
    const retry = parent
      .command('retry')
      .summary('try one again')
      .description(retrying)
      .addArgument(digestArgument('release', 'the release'));
    withExamples(withNode(retry), [`entente ${name} retry 8dKx2Qpa`]).action(run(acts.retry));
  };
  troubles(
    'quarantine',
    'what came in and could not be judged',
    'Lists what came in and could not be judged, for its form, key, kind or schema.',
    { list: listQuarantine, retry: retryQuarantine },
    'Judges a release again, after a fix: a new key, a new version of this node. The sender gets a receipt that replaces the first.',
  );
  troubles(
    'dead-letter',
    'what a partner refused',
    'Lists what a partner refused, with the code that the partner signed.',
    { list: listDeadLetters, retry: retryDeadLetter },
    'Offers a release again, the same bytes, if the rules still permit it.',
  );
};

async function feedStatus(options: Options): Promise<Outcome> {
  const { data } = await (await connect(options, 'ADMIN')).GET('/v1/feeds');
  return {
    result: { ...data },
    words: listing(data?.items ?? [], feeds, { wide: options.wide, none: 'No partners yet: `entente peer add`.' }),
  };
}

const quarantinePages = (client: NodeClient) => (query: { limit?: number; after?: string }) =>
  client.GET('/v1/quarantine', { params: { query } });
const deadLetterPages = (client: NodeClient) => (query: { limit?: number; after?: string }) =>
  client.GET('/v1/dead-letters', { params: { query } });

async function listQuarantine(options: Options): Promise<Outcome> {
  const page = await pageOf(options, quarantinePages(await connect(options, 'ADMIN')));
  return {
    result: { ...page },
    words: [...listing(page.items, quarantined, { wide: options.wide, none: 'Nothing is in quarantine.' }), ...moreBelow(page)],
  };
}

async function retryQuarantine(options: Options, [word = '']: string[]): Promise<Outcome> {
  const client = await connect(options, 'ADMIN');
  const release = await wholeDigest(word, quarantinePages(client), (item) => item.release);
  const { data } = await client.POST('/v1/quarantine/{release}/retry', { params: { path: { release } } });
  const why = data?.reason ?? data?.code;
  return {
    result: { ...data },
    words: [`${release}: ${data?.verdict}${why === undefined ? '' : ` (${why})`}`],
    exitCode: data?.verdict === 'held' ? 0 : 1,
  };
}

async function listDeadLetters(options: Options): Promise<Outcome> {
  const page = await pageOf(options, deadLetterPages(await connect(options, 'ADMIN')));
  return {
    result: { ...page },
    words: [...listing(page.items, deadLetters, { wide: options.wide, none: 'No partner refused anything.' }), ...moreBelow(page)],
  };
}

async function retryDeadLetter(options: Options, [word = '']: string[]): Promise<Outcome> {
  const client = await connect(options, 'ADMIN');
  const release = await wholeDigest(word, deadLetterPages(client), (item) => item.release);
  const { data } = await client.POST('/v1/dead-letters/{release}/retry', { params: { path: { release } } });
  return { result: { ...data }, words: [`${release} is offered again.`] };
}
