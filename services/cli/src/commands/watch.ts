import type { Command } from 'commander';
import { group, late, type Register, withExamples, withNode } from '../command.js';
import { withPaging, withWide } from '../paging.js';
import { repeated, repeatedPair } from '../repeated.js';

const withWatched = (command: Command): Command =>
  command
    .addOption(repeated('--word <words>', 'waited for; all words of one option must stand in a statement'))
    .addOption(repeatedPair('--identifier <scheme=value>', 'an identifier that is waited for: imo=9074729'))
    .option('--note <text>', 'what it is about');

export const registerWatch: Register = (program, run) => {
  const watch = group(
    program,
    'watch',
    'lists of what you wait for',
    'Watch lists: identifiers and words. What arrives or is sent and matches is flagged in the inbox; a person compares before anything is done.',
  );
  const load = () => import('../watch/lists.js');

  const add = withWatched(watch.command('add').summary('begin a list').argument('<name>', 'how officers call it')).description(
    'Makes a list. What the node holds already is held against it, too.',
  );
  withExamples(withNode(add), ['entente watch add "Carbon fibre, spring" --word "carbon fibre" --identifier container=DEMU1234567']).action(
    run(late(async () => (await load()).addWatch)),
  );

  const list = withPaging(watch.command('list').summary('the lists')).description('Shows the lists, the latest first.');
  withExamples(withNode(list), ['entente watch list']).action(run(late(async () => (await load()).listWatches)));

  const hits = withPaging(watch.command('hits').summary('what a list matched').argument('<id>', 'the list')).description(
    'Shows the statements that a list matched, the latest first. Each is a possible hit and no more.',
  );
  withExamples(withNode(hits), ['entente watch hits 0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42']).action(
    run(late(async () => (await load()).listHits)),
  );

  const change = withWatched(
    watch.command('change').summary('wait for other things').argument('<id>', 'the list').requiredOption('--name <name>', 'its name'),
  ).description('Puts something else in its place: it begins anew, and its earlier hits are forgotten.');
  withExamples(withNode(withWide(change)), [
    'entente watch change 0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42 --name Summer --word "aramid fibre"',
  ]).action(run(late(async () => (await load()).changeWatch)));

  const remove = watch
    .command('remove')
    .summary('wait no longer')
    .description('Removes a list with its hits; nothing of what it looked for stays.')
    .argument('<id>', 'the list');
  withExamples(withNode(remove), ['entente watch remove 0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42']).action(
    run(late(async () => (await load()).removeWatch)),
  );
};
