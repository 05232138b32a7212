import { late, type Register, withConfiguration, withExamples, withNode } from '../command.js';
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
    .summary('give the node a signed agreement')
    .description(
      'Gives the node a signed agreement. The node verifies every signature; the agreement is in force between the parties that have signed it.',
    )
    .argument('<file>', 'the agreement with its signatures');
  withExamples(withNode(load), ['entente agreement load rhine-7.jws.json']);
  load.action(run(late(async () => (await import('../agreement/load.js')).loadAgreement)));

  const show = agreement
    .command('show')
    .summary('show the agreements of the node, or one in a file')
    .description(
      'Shows the agreements that the node holds, or what one in a file says. Signatures in a file are verified with the entity configurations of the parties, where they are given.',
    )
    .argument('[file]', 'an agreement, with signatures or without')
    .option('--configuration <file...>', "entity configurations of the parties, to verify the file's signatures");
  withExamples(withNode(withWide(show)), [
    'entente agreement show',
    'entente agreement show rhine-7.jws.json --configuration nl-cus.jwt de-lic.jwt',
  ]);
  show.action(run(late(async () => (await import('../agreement/show.js')).showAgreements)));
};
