import { group, late, type Register, withExamples, withNode } from '../command.js';
import { digestArgument } from '../digest.js';
import { withPaging, withWide } from '../paging.js';

const example = '3fXqFz0n';

export const registerRetention: Register = (program, run) => {
  const load = () => import('../retention/acts.js');
  const retention = group(
    program,
    'retention',
    'what is due, and what is gone',
    'What the clock will end, and from when no copy of what was erased can come back.',
  );

  const due = withPaging(retention.command('due').summary('what is to be reviewed or erased'))
    .description('Lists contents whose review or erasure falls within the days named.')
    .option('--days <number>', 'how far to look ahead', (text) => Number.parseInt(text, 10), 30);
  withExamples(withNode(due), ['entente retention due', 'entente retention due --days 7 --all --json']).action(
    run(late(async () => (await load()).listDue)),
  );

  const erasures = retention
    .command('erasures')
    .summary('what was erased of a statement')
    .description('Shows when contents of a statement were erased, and from when no copy can come back.')
    .addArgument(digestArgument('statement', 'the statement'));
  withExamples(withNode(withWide(erasures)), [`entente retention erasures ${example}`]).action(
    run(late(async () => (await load()).listErasures)),
  );

  const horizon = retention
    .command('horizon')
    .summary('make erasures final now')
    .description(
      'Wraps the keys of what is still here under a new key-encryption key and destroys the old one: no backup gives back what was erased before. The node does it by itself on a schedule.',
    );
  withExamples(withNode(horizon), ['entente retention horizon']).action(run(late(async () => (await load()).moveHorizon)));

  const hold = group(
    program,
    'hold',
    'legal holds',
    'Legal holds: nothing of a statement is erased while one stands. A recall still ends its use.',
  );
  const place = hold
    .command('place')
    .summary('keep a statement from being erased')
    .description('Places a legal hold, with the reason.')
    .addArgument(digestArgument('statement', 'the statement'))
    .requiredOption('--reason <text>', 'why, in 10 to 500 characters');
  withExamples(withNode(place), [`entente hold place ${example} --reason "Evidence in proceedings 2031-17"`]).action(
    run(late(async () => (await load()).placeHold)),
  );
  const one = (name: 'show' | 'lift', summary: string, description: string) =>
    withExamples(
      withNode(hold.command(name).summary(summary).description(description).addArgument(digestArgument('statement', 'the statement'))),
      [`entente hold ${name} ${example}`],
    );
  one('show', 'the hold on a statement', 'Shows the legal hold on a statement, if there is one.').action(
    run(late(async () => (await load()).showHold)),
  );
  one('lift', 'let it be erased again', 'Lifts the legal hold: what is due is erased at the next turn of the clock.').action(
    run(late(async () => (await load()).liftHold)),
  );
};
