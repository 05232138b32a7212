import type { Command } from 'commander';
import type { Step } from '../agreement/step.js';
import { late, type Register, type Run, withConfiguration, withExamples, withNode } from '../command.js';
import { digestArgument } from '../digest.js';
import { withWide } from '../paging.js';

export const registerAgreement: Register = (program, run) => {
  const agreement = program
    .command('agreement')
    .summary('who may send what to whom')
    .description(
      'Agreements say who may send what to whom, for which purposes. Without one that both sides have signed nothing leaves a node.',
    );

  const sign = agreement
    .command('sign')
    .summary("add this agency's signature to an agreement")
    .description(
      'Adds the signature of this agency, with its federation key. FILE is the text of the agreement (JSON), or the same with the signatures of others; the last to sign has the whole.',
    )
    .argument('<file>', 'the agreement')
    .option('--key <file>', 'federation key (default: the one of the configuration)')
    .option('--party <id>', 'entity id to sign as (default: the one of the configuration)')
    .option('--out <file>', 'where to write it (default: FILE itself when it has signatures, else FILE with the ending .jws.json)');
  withExamples(withConfiguration(sign), [
    'entente agreement sign rhine-7.json            # the first party: writes rhine-7.jws.json',
    'entente agreement sign rhine-7.jws.json        # each other party',
  ]);
  sign.action(run(late(async () => (await import('../agreement/sign.js')).signAgreementFile)));

  const load = agreement
    .command('load')
    .summary('give the node an agreement that was signed elsewhere')
    .description(
      'Gives the node a signed agreement. The node verifies every signature; the agreement is in force between the parties that have signed it.',
    )
    .argument('<file>', 'the agreement with its signatures');
  withExamples(withNode(load), ['entente agreement load rhine-7.jws.json']);
  load.action(run(late(async () => (await import('../agreement/load.js')).loadAgreement)));

  addShowing(agreement, run);
  addSteps(agreement, run);
};

function addShowing(agreement: Command, run: Run): void {
  const load = () => import('../agreement/show.js');
  const list = withWide(agreement.command('list').summary('the agreements of the node'));
  list.description('Shows the agreements that the node holds, and where each stands with each other party.');
  withExamples(withNode(list), ['entente agreement list']).action(run(late(async () => (await load()).listAgreements)));

  const show = agreement
    .command('show')
    .summary('show one of the node, or one in a file')
    .description(
      'Shows an agreement that the node holds, by its digest or the first characters of it, or what one in a file says. Signatures in a file are verified with the entity configurations of the parties, where they are given.',
    )
    .argument('<agreement>', 'digest, or file with an agreement, with signatures or without')
    .option('--configuration <file...>', "entity configurations of the parties, to verify a file's signatures");
  withExamples(withNode(show), [
    'entente agreement show 2jmj7l5r',
    'entente agreement show rhine-7.jws.json --configuration nl-cus.jwt de-lic.jwt',
  ]).action(run(late(async () => (await load()).showAgreement)));
}

/** Name, what it does, and what it means; the order is that of an agreement's life. */
const steps: [Step, string, string][] = [
  [
    'propose',
    'sign a draft and tell the parties',
    'Signs a draft with the federation key and sends it to the other parties. It binds nobody who has not countersigned.',
  ],
  [
    'countersign',
    'sign what a partner proposed',
    'Signs what another party has proposed. Between two that have both signed it is in force, within its time.',
  ],
  [
    'suspend',
    'stop the exchange under it for a while',
    'Stops the exchange under it with all parties at once. What is queued is withdrawn, with a signed note in its place.',
  ],
  ['resume', 'go on after that', 'Lets what is released from now on leave again.'],
  [
    'denounce',
    'end it for good',
    'Ends it with all parties at once. Each answers with the last position of its feed, up to which it still holds.',
  ],
];

function addSteps(agreement: Command, run: Run): void {
  const load = () => import('../agreement/step.js');
  const draft = agreement
    .command('draft')
    .summary('give the node a text to propose')
    .argument('<file>', 'the text of the agreement (JSON)');
  draft.description('Gives the node the text of an agreement, unsigned. Nobody else sees it until it is proposed.');
  withExamples(withNode(draft), ['entente agreement draft rhine-7.json']).action(run(late(async () => (await load()).draftAgreement)));

  const amend = agreement
    .command('amend')
    .summary('draft the next version of one')
    .description(
      'Drafts the next version: the members that FILE names are changed, everything else stays. It replaces the version before between those who have both signed it.',
    )
    .addArgument(digestArgument('agreement', 'the version before'))
    .argument('<file>', 'the members that change (JSON), for example {"grants": [...]}');
  withExamples(withNode(amend), ['entente agreement amend 2jmj7l5r wider-grants.json']).action(
    run(late(async () => (await load()).amendAgreement)),
  );

  for (const [step, summary, description] of steps) {
    const command = agreement.command(step).summary(summary).description(description);
    command.addArgument(digestArgument('agreement', 'which one'));
    withExamples(withNode(command), [`entente agreement ${step} 2jmj7l5r`]).action(run(late(async () => (await load()).takeStep(step))));
  }
}
