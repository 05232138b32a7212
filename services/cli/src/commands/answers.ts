import { Option } from 'commander';
import { late, type Register, withExamples, withNode } from '../command.js';
import { withWide } from '../paging.js';

export const registerAnswers: Register = (program, run) => {
  const answers = withWide(
    program
      .command('answers')
      .summary('how requests and recalls are answered')
      .description(
        'Counts, by partner and kind, what asks for an answer by a time: open, answered, refused with a ground, and lapsed without any answer. A refusal is an answer.',
      ),
  )
    .addOption(new Option('--own', 'what this agency asks only').conflicts('received'))
    .option('--received', 'what it is asked only');
  withExamples(withNode(answers), ['entente answers', 'entente answers --own --json']).action(
    run(late(async () => (await import('../answering/count.js')).countAnswers)),
  );
};
