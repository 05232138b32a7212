import { codesOf } from '@entente/statement';
import { type Command, Option } from 'commander';
import { late, type Register, withExamples, withNode } from '../command.js';
import { digestArgument } from '../digest.js';
import { withPaging, withWide } from '../paging.js';
import { bareDigest, timeWord } from '../word.js';

const example = '3fXqFz0n';

const several = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, before: string[] = []) => [...before, value]);

const withReason = (command: Command): Command =>
  command
    .addOption(new Option('--reason <code>', 'why').choices(codesOf('recall-reason')).makeOptionMandatory())
    .option('--comply-by <time>', 'by when holders comply, RFC 3339 (default: what is usual for the reason)', timeWord)
    .option('--explanation <text>', 'in words, for the holders; without personal data')
    .option('--follows <question>', 'question of a holder about a person, of which this is the consequence: its digest', bareDigest)
    .option('--not-derivatives', 'it does not apply to what holders derived from it');

export const registerRecall: Register = (program, run) => {
  const load = () => import('../recall/acts.js');

  const recall = withReason(
    program
      .command('recall')
      .summary('call back what this agency has said')
      .description(
        'Calls a statement back, or single fields of it, from everybody to whom it was released. A second officer releases it: entente draft release.',
      )
      .addArgument(digestArgument('statement', 'the statement of this agency')),
  )
    .addOption(new Option('--effect <code>', 'what holders do').choices(codesOf('recall-effect')).default('STOP_USE'))
    .addOption(several('--field <pointer>', 'only this field, by its JSON pointer; may be given several times'));
  withExamples(withNode(withWide(recall)), [
    `entente recall ${example} --reason MISTAKEN_IDENTITY --effect ERASE`,
    `entente recall ${example} --reason FACTUALLY_WRONG --field /body/goods/0/value`,
    `entente recall ${example} --reason DATA_SUBJECT_RIGHT --effect ERASE --follows 8dKx2QpaTq1bHnV0sJmW3yXcUe5RgZ7oLi4kFd9tBwA`,
  ]).action(run(late(async () => (await load()).recallStatement)));

  const correct = withReason(
    program
      .command('correct')
      .summary('say what was wrong and what is right')
      .description('Corrects fields of a statement; each goes to those who may see its data class. Holders mark their copies.')
      .addArgument(digestArgument('statement', 'the statement of this agency')),
  ).addOption(
    several('--field <pointer=value>', 'what is right in a field; nothing after = means that nothing stands there').makeOptionMandatory(),
  );
  withExamples(withNode(withWide(correct)), [
    `entente correct ${example} --reason FACTUALLY_WRONG --field /body/goods/0/gross_mass_kg=412`,
  ]).action(run(late(async () => (await load()).correctStatement)));

  const recalls = withPaging(program.command('recalls').summary('recalls and corrections, and who still owes an answer'))
    .description(
      'Lists recalls and corrections, the latest first: own ones with who owes an answer, those of partners with what this agency answered.',
    )
    .addOption(new Option('--own', 'own ones only').conflicts('received'))
    .option('--received', 'those of partners only')
    .option('--owing', 'only those to which an answer is owed');
  withExamples(withNode(recalls), ['entente recalls --own --owing', 'entente recalls --received']).action(
    run(late(async () => (await load()).listRecalls)),
  );

  const comply = program
    .command('comply')
    .summary('destroy what a partner recalled, or claim an exception')
    .description(
      'Where the policy of this agency leaves erasing to an officer. Without options it is destroyed; with --provision it is kept, out of use, until a date. The originator gets a signed answer.',
    )
    .addArgument(digestArgument('recall', 'the recall of a partner'))
    .addOption(new Option('--instrument <code>', 'of the law that keeps it: a code of `entente code-list legal-instrument`'))
    .option('--provision <text>', 'the provision')
    .option('--kept-until <time>', 'until when, RFC 3339', timeWord);
  withExamples(withNode(comply), [
    'entente comply 8dKx2Qpa',
    'entente comply 8dKx2Qpa --instrument NAT-QM --provision "Code of criminal procedure, section 12" --kept-until 2031-09-01T00:00:00Z',
  ]).action(run(late(async () => (await load()).complyWith)));
};
