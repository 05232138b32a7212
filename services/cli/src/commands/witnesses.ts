import type { Witnessed } from '../answers.js';
import { type Register, withExamples, withNode } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { withWide } from '../paging.js';
import { type Columns, listing, sheet, showing } from '../table.js';

const columns: Columns<Witnessed> = {
  PARTNER: (w) => w.peer,
  SIZE: (w) => w.size,
  SEEN: (w, show) => show.time(w.seen_at),
  COSIGNED: (w) => w.cosigned_size,
  HISTORIES: (w) => (w.forked ? 'TWO: it has signed a fork' : 'one'),
};

/** What an administrator looks at to see whether the logs are vouched for. */
export const registerWitnesses: Register = (program, run) => {
  const witnesses = withWide(program.command('witnesses').summary('who vouches for whose log'));
  witnesses.description(
    "Shows which partners have cosigned the latest checkpoint of this agency's log, and what is held of theirs. Exit code 1: fewer have than the quorum, or a partner has signed two histories.",
  );
  withExamples(withNode(witnesses), ['entente witnesses', 'entente witnesses --json']).action(run(showWitnesses));
};

async function showWitnesses(options: ConnectionOptions & { wide?: boolean }): Promise<Outcome> {
  const { data } = await (await connect(options, 'ADMIN')).GET('/v1/witnessing');
  const { own, items = [] } = data ?? {};
  const { time } = showing(options.wide);
  const words = [
    ...(own
      ? sheet({
          'own log, leaves': own.size,
          'checkpoint of': time(own.at),
          'cosigned by': own.cosigned_by.map(({ peer }) => peer).join(' ') || 'nobody',
          quorum: `${own.quorum}${own.reached ? '' : ', not reached'}`,
        })
      : ['No checkpoint has been cut yet.']),
    '',
    ...listing(items, columns, { wide: options.wide, none: 'No partners yet: `entente peer add`.' }),
  ];
  return { result: { ...data }, words, exitCode: own?.reached === false || items.some(({ forked }) => forked) ? 1 : 0 };
}
