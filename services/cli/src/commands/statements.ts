import { type Command, Option } from 'commander';
import { group, late, type Register, type Run, toOption, withExamples, withNode } from '../command.js';
import { digestArgument } from '../digest.js';
import { withPaging, withWide } from '../paging.js';
import { withPurpose } from '../purpose.js';
import { withSearch } from '../statement/search.js';
import { bareDigest } from '../word.js';
import { addReleaseCommand } from './draft.js';

interface Noun {
  kind: string;
  summary: string;
  description: string;
  /** Its statements answer an alert. */
  answers: boolean;
}

/** One line for each kind that has commands of its own. */
const nouns: readonly Noun[] = [
  {
    kind: 'alert',
    summary: 'warn partners of a consignment',
    description: 'Alerts: own ones and those that partners sent.',
    answers: false,
  },
  {
    kind: 'sighting',
    summary: 'answer an alert: found, or not',
    description: 'Sightings: what was found of what an alert asks for.',
    answers: true,
  },
];

export const registerStatements: Register = (program, run) => {
  for (const noun of nouns) {
    const parent = group(program, noun.kind, noun.summary, noun.description);
    addWriting(parent, run, noun);
    addReleaseCommand(parent, run, noun.kind);
    addReading(parent, run, noun.kind);
  }
};

function addWriting(parent: Command, run: Run, { kind, answers }: Noun): void {
  const writing = (name: string, summary: string, description: string, examples: string[]) => {
    const command = parent
      .command(name)
      .summary(summary)
      .description(description)
      .argument('<file>', 'the statement as JSON, alone or as the API takes it; - is standard input')
      .addOption(toOption());
    if (answers) command.option('--alert <digest>', 'the alert that it answers', bareDigest);
    command.option('--idempotency-key <key>', 'name of this call: given again it changes nothing (default: made of the content)');
    return withExamples(withNode(withWide(command)), examples);
  };
  const flags = `--to https://de-lic.example${answers ? ' --alert 3fXqFz0nCkq1gW0tHc7oCw5rJ9m2yLbE8pVxA4sUdQk' : ''}`;
  writing(
    'draft',
    `begin a draft of ${kind === 'alert' ? 'an' : 'a'} ${kind}`,
    'Keeps a draft, complete or not, and says what is still open. Nothing leaves the node.',
    [`entente ${kind} draft ${kind}.json`],
  ).action(run(late(async () => (await import('../statement/post.js')).draftStatement(kind))));
  writing(
    'preview',
    'what each partner would see of it',
    'Shows for each partner every part, seen or withheld, with the rule and the reason in words: the very decision that the release would take, for the partners that are named, else for all. Nothing is stored, and nothing leaves the node.',
    [`entente ${kind} preview ${kind}.json`, `entente ${kind} preview ${kind}.json ${flags}`],
  ).action(run(late(async () => (await import('../statement/preview.js')).previewStatement(kind))));
  writing(
    'post',
    'send it to partners',
    'Signs, logs and releases it to each partner whom an agreement permits it for; where a second officer is asked for it becomes a submitted draft. The same content again is the same post. Exit code 1 when a partner gets nothing.',
    [`entente ${kind} post ${kind}.json ${flags}`, `entente ${kind} post - --json < ${kind}.json`],
  )
    .option('--reason <text>', 'why it is sent; stays in this agency')
    .action(run(late(async () => (await import('../statement/post.js')).postStatement(kind))));
}

function addReading(parent: Command, run: Run, kind: string): void {
  const list = withPaging(parent.command('list').summary('the latest first'))
    .description('Lists them by what is open in them, the latest first; no content.')
    .addOption(new Option('--own', 'own ones only').conflicts('received'))
    .option('--received', 'received ones only')
    .option('--originator <id>', 'signed by this agency')
    .addOption(new Option('--exercise', 'exercises only').conflicts('real'))
    .option('--real', 'no exercises');
  withExamples(withNode(list), [`entente ${kind} list --received`, `entente ${kind} list --all --json`]).action(
    run(late(async () => (await import('../statement/list.js')).listStatements(kind))),
  );

  const search = withSearch(parent.command('search').summary('find some among all')).description(
    'Finds them by what they say and by their open headers, own and received ones, the latest first, of what may be used for the purpose. Of several values of one option one must be there; of several options all.',
  );
  withExamples(withNode(search), [
    `entente ${kind} search --identifier container=DEMU1234567 --purpose CUSTOMS_CONTROL --justification "Manifest of MV EXAMPLE, case 17"`,
    `entente ${kind} search --word "carbon fibre" --place NLRTM --since 2031-03-01 --purpose CUSTOMS_CONTROL --justification "Review, case 17"`,
  ]).action(run(late(async () => (await import('../statement/search.js')).searchStatements(kind))));

  const show = withPurpose(withWide(parent.command('show').summary('read one, and say why')))
    .description(
      'Shows what this node holds of it. Content needs --purpose and --justification, which stand in the access log; --header shows what is open without.',
    )
    .addArgument(digestArgument('digest', 'the statement'))
    .option('--header', 'only what is open; no content, no purpose');
  withExamples(withNode(show), [
    `entente ${kind} show 3fXqFz0n --purpose CUSTOMS_CONTROL --justification "Manifest of MV EXAMPLE, case 17"`,
    `entente ${kind} show 3fXqFz0n --header`,
  ]).action(run(late(async () => (await import('../statement/show.js')).showStatement)));

  const status = withWide(parent.command('status').summary('what became of it at each partner'))
    .description('Shows for each addressee of an own one whether it was offered, held, quarantined or refused, and since when.')
    .addArgument(digestArgument('digest', 'the statement'));
  withExamples(withNode(status), [`entente ${kind} status 3fXqFz0n`]).action(
    run(late(async () => (await import('../statement/show.js')).showDeliveries)),
  );

  const thread = withPurpose(withWide(parent.command('thread').summary('what answers it, and what it answers')))
    .description('Shows every statement that relations connect with it, own and received, in the order in which they were signed.')
    .addArgument(digestArgument('digest', 'the statement'));
  withExamples(withNode(thread), [
    `entente ${kind} thread 3fXqFz0n --purpose CUSTOMS_CONTROL --justification "Answers to our alert, case 17"`,
  ]).action(run(late(async () => (await import('../statement/thread.js')).showThread)));
}
