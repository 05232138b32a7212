import { codesOf } from '@entente/statement';
import { type Command, Option } from 'commander';
import { group, late, type Register, toOption, withExamples, withNode } from '../command.js';
import { digestArgument } from '../digest.js';
import { withPaging, withWide } from '../paging.js';
import { withPurpose } from '../purpose.js';

const why = '--purpose CUSTOMS_CONTROL --justification "Request of a partner, case 2031-17"';
const request = '8dKx2Qpa';

/** An option that may be given several times. */
const several = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, before: string[] = []) => [...before, value]);

const withScope = (command: Command): Command =>
  command
    .addOption(toOption())
    .addOption(several('--field <pointer>', 'a body member by its JSON pointer, /body/goods; may be given several times'))
    .addOption(several('--class <code>', 'a data class; may be given several times'))
    .addOption(several('--for <purpose>', 'a purpose; may be given several times'))
    .option('--until <time>', 'until when it may be passed on, RFC 3339');

export const registerOnward: Register = (program, run) => {
  const onward = group(
    program,
    'onward',
    'pass on what partners gave, with the consent of its originator',
    'Passing on: ask the originator, decide on what others ask, withdraw, pass on. Silence is no consent.',
  );
  const load = () => import('../onward/acts.js');

  const ask = withScope(
    onward
      .command('request')
      .summary('ask an originator')
      .description('Asks the originator of a statement whether it may be passed on to the agencies named, and which parts of it.')
      .addArgument(digestArgument('statement', 'the statement of another agency')),
  )
    .requiredOption('--why <text>', 'for the originator')
    .requiredOption('--reply-by <time>', 'when the request lapses, RFC 3339');
  withExamples(withNode(withWide(ask)), [
    `entente onward request ${request} --to https://qm-cus.example --why "The consignee is established there" \\`,
    '      --field /body/title --field /body/goods --class N0 --for CUSTOMS_CONTROL --until 2031-06-01T00:00:00Z --reply-by 2031-05-15T00:00:00Z',
  ]).action(run(late(async () => (await load()).requestConsent)));

  const list = withPaging(onward.command('list').summary('requests and where they stand')).description(
    'Lists requests for consent, own ones and those of partners, with their state. LAPSED: nobody answered in time, which is no consent.',
  );
  list.addOption(new Option('--own', 'only those of this agency').conflicts('received')).option('--received', 'only those of partners');
  withExamples(withNode(withPurpose(list)), [`entente onward list ${why}`]).action(run(late(async () => (await load()).listRequests)));

  const consent = withScope(
    onward
      .command('consent')
      .summary('consent to what a partner asks')
      .description(
        'Consents, to what was asked where nothing else is named. Where a person is to be told what is held about him, --field names of what of it. A second officer releases it.',
      )
      .addArgument(digestArgument('request', 'the request of a partner')),
  )
    .option('--retain-until <time>', 'until when recipients may keep it, RFC 3339; needed where it is passed on')
    .option('--conditions <text>', 'conditions in words, for the holder')
    .option('--external-consent <text>', 'the consent from outside, for what came from outside the federation');
  withExamples(withNode(withWide(withPurpose(consent))), [
    `entente onward consent ${request} --retain-until 2031-08-01T00:00:00Z ${why}`,
    `entente onward consent ${request} --retain-until 2031-08-01T00:00:00Z --field /body/title --class N0 ${why}`,
    `entente onward consent ${request} --field /body/parties --conditions "Not of the goods" ${why}`,
  ]).action(run(late(async () => (await load()).giveConsent)));

  const refuse = onward
    .command('refuse')
    .summary('refuse what a partner asks')
    .description('Refuses, with a code. Internal reasons stay here. A second officer releases it.')
    .addArgument(digestArgument('request', 'the request of a partner'))
    .addOption(new Option('--refusal <code>', 'ground of the refusal').choices(codesOf('refusal')).makeOptionMandatory());
  withExamples(withNode(withWide(withPurpose(refuse))), [`entente onward refuse ${request} --refusal RG02 ${why}`]).action(
    run(late(async () => (await load()).refuseConsent)),
  );

  const withdraw = onward
    .command('withdraw')
    .summary('withdraw a consent for the future')
    .description('From now on nothing is passed on under it. What went before stays until it is recalled. A second officer releases it.')
    .addArgument(digestArgument('consent', 'the consent that this agency gave'));
  withExamples(withNode(withWide(withPurpose(withdraw))), [`entente onward withdraw ${request} ${why}`]).action(
    run(late(async () => (await load()).withdrawConsent)),
  );

  const release = onward
    .command('release')
    .summary('pass on')
    .description(
      'Passes a statement of another agency on, under its signature, to agencies that it has consented to. Exit code 1 when one of them gets nothing.',
    )
    .addArgument(digestArgument('statement', 'the statement of another agency'))
    .addOption(toOption())
    .addOption(several('--hold-back <pointer>', 'a part that stays here, with everything in it; may be given several times'))
    .requiredOption('--reason <text>', 'why it may go');
  withExamples(withNode(withWide(release)), [
    `entente onward release ${request} --to https://qm-cus.example --hold-back /body/parties --reason "Consent of 3 May"`,
  ]).action(run(late(async () => (await load()).passOn)));
};
