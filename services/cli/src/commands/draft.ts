import { type Command, InvalidArgumentError, Option } from 'commander';
import { group, late, type Register, type Run, toOption, withExamples, withNode } from '../command.js';
import { withPaging, withWide } from '../paging.js';
import { withPurpose } from '../purpose.js';

const id = '0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42';
const states = ['draft', 'submitted', 'released', 'rejected', 'discarded'];
const why = '--purpose CUSTOMS_CONTROL --justification "Second look at the draft"';

export const registerDraft: Register = (program, run) => {
  const draft = group(
    program,
    'draft',
    'drafts and the queue of the second officer',
    'Drafts: from the first field to the release by a second officer.',
  );
  addReading(draft, run);
  addWriting(draft, run);
  addReleaseCommand(draft, run, 'draft');
  const alone = onDraft(
    draft,
    'release-alone',
    'release your own, in an emergency',
    'Releases what you wrote yourself, where the policy of the agency allows that and its urgency is IMMEDIATE. It is marked so; another officer must confirm it before the limit (entente single-release confirm), or it is recalled.',
  ).requiredOption('--reason <text>', 'why it cannot wait for a second officer; kept with the draft');
  withExamples(withNode(withPurpose(withWide(withVersion(withChecklist(alone))))), [
    `entente draft release-alone ${id} --reason "The ship sails tonight, nobody else is on duty"`,
  ]).action(run(late(async () => (await import('../single-release/acts.js')).releaseAlone)));
  const reject = withVersion(
    onDraft(
      draft,
      'reject',
      'send it back to its author',
      'Sends a submitted draft back. Its author reads the reason, and may change and submit it again.',
    ),
  );
  reject.requiredOption('--reason <text>', 'what is to change');
  withExamples(withNode(reject), [`entente draft reject ${id} --reason "Grade and source do not fit"`]).action(
    run(late(async () => (await import('../draft/decide.js')).rejectDraft)),
  );
};

/** Also under each kind: who looks for `entente alert release` finds it there. */
export function addReleaseCommand(parent: Command, run: Run, noun: string): void {
  const release = onDraft(
    parent,
    'release',
    'release what another officer wrote',
    'Signs, logs and releases a submitted draft of another officer to its addressees. Every point of the checklist is confirmed by name; on a terminal they are asked one by one. Exit code 1 when a partner gets nothing.',
  ).requiredOption('--reason <text>', 'why it may go; kept with the draft');
  withExamples(withNode(withPurpose(withWide(withVersion(withChecklist(release))))), [
    `entente ${noun} release ${id} --reason "Fits the arrangement"`,
    `entente ${noun} release ${id} --version 3 --reason "..." --confirm NECESSITY,PROPORTIONALITY,LEGAL_BASIS,AUDIENCE_JUSTIFIED \\`,
    '      --confirm DATA_CLASSES_REVIEWED,GRADING,HUMAN_RIGHTS,NEUTRALITY,CONTACT_BEFORE_ACTION',
  ]).action(run(late(async () => (await import('../draft/decide.js')).releaseDraft)));
}

/** Confirmed by name, or asked one by one on a terminal. */
export const withChecklist = (command: Command): Command =>
  command.option(
    '--confirm <codes>',
    'points of the checklist, separated by commas; may be given several times',
    (codes: string, before: string[] = []) => [...before, codes],
  );

function addReading(draft: Command, run: Run): void {
  const load = () => import('../draft/read.js');
  const list = withPaging(draft.command('list').summary('without content').description('Lists drafts without their content.'))
    .addOption(new Option('--state <state>', 'only those; submitted is the queue of the second officer').choices(states))
    .option('--author <pseudonym>', 'only of this officer');
  withExamples(withNode(list), ['entente draft list', 'entente draft list --state submitted']).action(
    run(late(async () => (await load()).listDrafts)),
  );

  const show = withPurpose(
    onDraft(
      draft,
      'show',
      'read one, and say why',
      'Shows a draft with its content and what is still open. What --json prints can be changed and handed to `draft write`.',
    ),
  );
  withExamples(withNode(show), [`entente draft show ${id} ${why}`, `entente draft show ${id} ${why} --json > draft.json`]).action(
    run(late(async () => (await load()).showDraft)),
  );

  const preview = withPurpose(
    onDraft(
      draft,
      'preview',
      'what each partner would see',
      'Shows for each partner every part, seen or withheld, with the rule and the reason in words: the very decision that the release would take. Nothing is stored.',
    ),
  ).addOption(toOption());
  withExamples(withNode(preview), [
    `entente draft preview ${id} ${why}`,
    `entente draft preview ${id} --to https://de-lic.example ${why}`,
  ]).action(run(late(async () => (await load()).previewDraft)));
}

function addWriting(draft: Command, run: Run): void {
  const load = () => import('../draft/write.js');
  const write = withVersion(
    onDraft(
      draft,
      'write',
      'write one anew',
      'Replaces the whole content of a draft. Only its author may; a draft that came from a declaration belongs to the officer who first changes it.',
    )
      .argument('<file>', 'the statement as JSON, or what `draft show --json` printed; - is standard input')
      .addOption(toOption()),
  );
  withExamples(withNode(write), [`entente draft write ${id} draft.json`, `entente draft write ${id} alert.json --version 2`]).action(
    run(late(async () => (await load()).writeDraft)),
  );

  const discard = withVersion(onDraft(draft, 'discard', 'throw one away', 'Discards a draft that was not released. Only its author may.'));
  withExamples(withNode(discard), [`entente draft discard ${id} --version 1`]).action(run(late(async () => (await load()).discardDraft)));

  const submit = withVersion(
    onDraft(
      draft,
      'submit',
      'hand it to the second officer',
      'Hands a complete draft to the second officer, for the partners that are named here, else in the draft.',
    ).addOption(toOption()),
  );
  withExamples(withNode(submit), [
    `entente draft submit ${id}`,
    `entente draft submit ${id} --to https://de-lic.example --version 2`,
  ]).action(run(late(async () => (await load()).submitDraft)));
}

const onDraft = (parent: Command, name: string, summary: string, description: string): Command =>
  parent.command(name).summary(summary).description(description).argument('<id>', 'the draft');

const withVersion = (command: Command): Command =>
  command.option('--version <number>', 'the version that was read; another one is refused', (text) => {
    const version = Number(text);
    if (!Number.isInteger(version) || version < 1) throw new InvalidArgumentError('A whole number from 1.');
    return version;
  });
