import type { NodeClient } from '@entente/client';
import { type Command, Option } from 'commander';
import type { InboxItem } from '../answers.js';
import { group, type Register, withExamples, withNode } from '../command.js';
import { digestArgument, wholeDigest } from '../digest.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { moreBelow, type PagingOptions, pageOf, withPaging } from '../paging.js';
import { type Columns, listing, outline, sheet, showing } from '../table.js';

type InboxOptions = ConnectionOptions & PagingOptions & { state?: InboxItem['state']; kind?: string; from?: string };

const columns: Columns<InboxItem> = {
  RELEASE: (i, show) => show.digest(i.release),
  STATE: (i) => (i.taken_by === undefined ? i.state : `${i.state} by ${i.taken_by}`),
  FROM: (i) => i.from,
  RECEIVED: (i, show) => show.time(i.received_at),
  KIND: (i) => i.statement?.kind,
  STATEMENT: (i, show) => show.digest(i.statement?.digest),
  FLAGS: (i) => i.flags?.map(({ name }) => name).join(', '),
  'REPLY BY': (i, show) => show.time(i.reply_by),
  VERDICT: (i) => (i.code === undefined ? i.verdict : `${i.verdict} (${i.code})`),
};

export const registerInbox: Register = (program, run) => {
  const inbox = group(program, 'inbox', 'what partners sent', 'What came in from partners: new, seen, or taken by an officer.');
  const list = withPaging(
    inbox.command('list').summary('the latest first').description('Lists what came in, the latest first; no content.'),
  )
    .addOption(new Option('--state <state>', 'only those').choices(['new', 'seen', 'taken']))
    .option('--kind <kind>', 'only this kind of statement')
    .option('--from <id>', 'only from this partner');
  withExamples(withNode(list), ['entente inbox list --state new', 'entente inbox list --from https://de-lic.example --json']).action(
    run(listInbox),
  );

  const onRelease = (name: string, summary: string, description: string, act: typeof showItem): Command =>
    withExamples(
      withNode(inbox.command(name).summary(summary).description(description).addArgument(digestArgument('release', 'the release'))),
      [`entente inbox ${name} 8dKx2Qpa`],
    ).action(run<ConnectionOptions>(act));
  onRelease(
    'show',
    'its header and terms',
    'Shows the header of the statement and the terms under which it was given; the content is read with `entente alert show`.',
    showItem,
  );
  onRelease('seen', 'mark it as seen', 'Marks a release as seen: somebody has looked at it.', seeItem);
  onRelease(
    'take',
    'deal with it',
    'Takes a release: from now on this officer deals with it, and a second one is told who has it.',
    takeItem,
  );
};

async function listInbox(options: InboxOptions): Promise<Outcome> {
  const client = await connect(options, 'ANALYST');
  const { state, kind, from, wide } = options;
  const filters = { ...(state !== undefined && { state }), ...(kind !== undefined && { kind }), ...(from !== undefined && { from }) };
  const page = await pageOf(options, (query) => client.GET('/v1/inbox', { params: { query: { ...filters, ...query } } }));
  return { result: { ...page }, words: [...listing(page.items, columns, { wide, none: 'Nothing came in.' }), ...moreBelow(page)] };
}

async function showItem(options: ConnectionOptions, [word = '']: string[]): Promise<Outcome> {
  const { client, release } = await named(options, word);
  const { data } = await client.GET('/v1/inbox/{release}', { params: { path: { release } } });
  return itemOutcome(data as InboxItem);
}

async function seeItem(options: ConnectionOptions, [word = '']: string[]): Promise<Outcome> {
  const { client, release } = await named(options, word);
  const { data } = await client.POST('/v1/inbox/{release}/seen', { params: { path: { release } } });
  return itemOutcome(data as InboxItem);
}

async function takeItem(options: ConnectionOptions, [word = '']: string[]): Promise<Outcome> {
  const { client, release } = await named(options, word);
  const { data } = await client.POST('/v1/inbox/{release}/take', { params: { path: { release } } });
  return itemOutcome(data as InboxItem);
}

async function named(options: ConnectionOptions, word: string): Promise<{ client: NodeClient; release: string }> {
  const client = await connect(options, 'ANALYST');
  const release = await wholeDigest(
    word,
    (query) => client.GET('/v1/inbox', { params: { query } }),
    (item) => item.release,
  );
  return { client, release };
}

function itemOutcome(item: InboxItem): Outcome {
  const { release, from, received_at, verdict, code, state, taken_by, statement, ...terms } = item;
  const { time } = showing();
  const words = [
    ...sheet({
      release,
      from,
      received: time(received_at),
      verdict: code === undefined ? verdict : `${verdict} (${code})`,
      state,
      'taken by': taken_by,
    }),
    '',
    'terms:',
    ...outline(terms, '  '),
    ...(statement ? ['', 'statement:', ...outline(statement, '  ')] : []),
  ];
  return { result: { ...item }, words };
}
