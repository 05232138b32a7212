import { type Command, Option } from 'commander';
import { group, late, type Register, withExamples, withNode } from '../command.js';
import { digestArgument } from '../digest.js';
import { withPaging } from '../paging.js';
import { withPurpose } from '../purpose.js';
import { withChecklist } from './draft.js';

const example = '3fXqFz0n';

export const registerSingleRelease: Register = (program, run) => {
  const load = () => import('../single-release/acts.js');
  const single = group(
    program,
    'single-release',
    'what one officer released alone, and who confirms it',
    'In an emergency one officer releases alone (entente draft release-alone). Another confirms or rejects that before the limit; what is not confirmed is recalled.',
  );
  const list = withPaging(
    single
      .command('list')
      .summary('the latest first')
      .description('Lists what was released by one officer alone, the latest first; no content.'),
  ).addOption(
    new Option('--state <state>', 'only those; undecided is what waits for another officer').choices([
      'undecided',
      'confirmed',
      'rejected',
      'lapsed',
    ]),
  );
  withExamples(withNode(list), ['entente single-release list --state undecided']).action(
    run(late(async () => (await load()).listSingleReleases)),
  );

  const onStatement = (name: string, summary: string, description: string): Command =>
    single.command(name).summary(summary).description(description).addArgument(digestArgument('statement', 'what was released'));
  const show = onStatement('show', 'one of them', 'Shows who released it, by when it is confirmed, and what became of it.');
  withExamples(withNode(show), [`entente single-release show ${example}`]).action(run(late(async () => (await load()).showSingleRelease)));

  const confirm = withChecklist(
    onStatement(
      'confirm',
      'as the second officer',
      'Confirms what another officer released alone, with every point of the checklist, before the limit. Nobody confirms what he released himself.',
    ).requiredOption('--reason <text>', 'why it was right; kept with it'),
  );
  withExamples(withNode(withPurpose(confirm)), [
    `entente single-release confirm ${example} --reason "Read it; the ship sailed at 03:10"`,
  ]).action(run(late(async () => (await load()).confirmSingleRelease)));

  const reject = onStatement(
    'reject',
    'and recall it',
    'Rejects what another officer released alone, before the limit. It is recalled at once, as sent in error, from everybody who got it.',
  ).requiredOption('--reason <text>', 'why it was wrong; kept with it');
  withExamples(withNode(withPurpose(reject)), [`entente single-release reject ${example} --reason "Another container is meant"`]).action(
    run(late(async () => (await load()).rejectSingleRelease)),
  );
};
