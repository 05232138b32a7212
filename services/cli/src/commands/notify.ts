import { group, late, type Register, withExamples, withNode } from '../command.js';
import { repeated } from '../repeated.js';

const eventNames = 'inbox.new, quarantine.new, statement.released, release.held, release.refused, feed.incomplete, ...';

/** How systems of the agency hear of what happens without asking. */
export const registerNotify: Register = (program, run) => {
  const events = program
    .command('events')
    .summary('hear of what happens, as it happens')
    .description(
      'Prints one JSON object per line for each event, without an end: names of what happened, never content. Goes on after a break where it was; --after goes on where an earlier run was.',
    )
    .addOption(repeated('--event <name>', `only these (${eventNames})`))
    .option('--after <id>', 'id of the last event that was dealt with')
    .option('--count <number>', 'end after so many', Number);
  withExamples(withNode(events), ['entente events --event inbox.new', 'entente events --count 1']).action(
    run(late(async () => (await import('../notify/events.js')).followNode)),
  );

  const webhook = group(
    program,
    'webhook',
    'systems that are told what happens',
    'Addresses of the agency’s own systems to which the node posts what happens, signed as the Standard Webhooks specification says.',
  );
  const load = () => import('../notify/webhooks.js');
  const add = webhook
    .command('add')
    .summary('have an address told')
    .description('From now on the address is told. The secret of the signatures is shown once: keep it where the receiver finds it.')
    .argument('<url>', 'https; http to this machine only')
    .addOption(repeated('--event <name>', `what it is told (${eventNames})`).makeOptionMandatory());
  withExamples(withNode(add), ['entente webhook add https://risk.customs.example/entente --event inbox.new']).action(
    run(late(async () => (await load()).addWebhook)),
  );
  const list = webhook.command('list').summary('all of them').description('Shows the addresses, and how each is served.');
  withExamples(withNode(list), ['entente webhook list']).action(run(late(async () => (await load()).listWebhooks)));
  const changing = (name: string, summary: string, description: string, act: 'pauseWebhook' | 'resumeWebhook' | 'removeWebhook') => {
    const command = webhook.command(name).summary(summary).description(description).argument('<id>', 'the webhook');
    withExamples(withNode(command), [`entente webhook ${name} 0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42`]).action(
      run(late(async () => (await load())[act])),
    );
  };
  changing('pause', 'tell it nothing for a while', 'What happens meanwhile is told when it goes on.', 'pauseWebhook');
  changing('resume', 'go on after that, or after it was given up', 'Tells it what happened since, from where it was.', 'resumeWebhook');
  changing('remove', 'tell it nothing more', 'Removes the address; its secret is destroyed.', 'removeWebhook');
};
