import { Option } from 'commander';
import { late, type Register, withExamples, withNode } from '../command.js';
import { withPurpose } from '../purpose.js';
import { timeWord } from '../word.js';

/** Much at once: out of the node, and into it. */
export const registerTransfer: Register = (program, run) => {
  const out = withPurpose(
    program
      .command('export')
      .summary('take statements out, with their content')
      .argument('<file>', 'where to write them; replaced when whole'),
  )
    .description(
      'Writes every statement that you may read for the purpose, the latest first: one JSON object per line, or a table of one kind. The access log names each one that went out, and why.',
    )
    .addOption(
      new Option('--format <format>', 'how it is written (default: csv where FILE ends so, else ndjson)').choices(['ndjson', 'csv']),
    )
    .option('--kind <kind>', 'only this kind; a table has one')
    .addOption(new Option('--own', 'own ones only').conflicts('received'))
    .option('--received', 'received ones only')
    .option('--originator <id>', 'signed by this agency')
    .option('--since <time>', 'stored here then or later', timeWord)
    .option('--until <time>', 'stored here before', timeWord);
  withExamples(withNode(out), [
    'entente export march.ndjson --since 2031-03-01 --purpose CUSTOMS_CONTROL --justification "Monthly report of March"',
    'entente export alerts.csv --kind alert --received --purpose CUSTOMS_CONTROL --justification "Table for the risk team"',
  ]).action(run(late(async () => (await import('../transfer/export.js')).exportToFile)));

  const bulk = program
    .command('bulk')
    .summary('post many statements from a file')
    .description(
      'Posts the lines of a file, each {"idempotency_key", "statement", "addressees", "reason"} as JSON. A line that is refused stops nothing. After a break the command is given again: what was done is not done twice. Exit code 1 when a line was refused.',
    )
    .argument('<file>', 'lines of JSON');
  withExamples(withNode(bulk), ['entente bulk alerts.ndjson', 'entente bulk alerts.ndjson --json']).action(
    run(late(async () => (await import('../transfer/bulk.js')).postLines)),
  );
};
