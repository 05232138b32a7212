import { InvalidArgumentError } from 'commander';
import { runProgram } from '../child-program.js';
import { type CommonOptions, type Register, type Run, withConfiguration, withExamples } from '../command.js';
import { existingConfiguration } from '../configuration-file.js';

/** What keeps a node alive: acts of the node program upon its own database, in the order in which they are needed. */
export const registerUpkeep: Register = (program, run) => {
  const backup = program
    .command('backup')
    .summary('copy the database, at one moment, into a folder')
    .description(
      'Writes every table of the database as it stood at one moment into a new folder, with a manifest of sums and of where every log stood. The node may go on meanwhile. No key is in it: back the folder secrets/ up apart from it, and keep a backup no longer than erased content may come back.',
    )
    .argument('<folder>', 'where to write it; must not exist or be empty')
    .option('--final', 'close this database for good first: the node goes on where the backup is restored');
  withExamples(withConfiguration(backup), ['entente backup /backups/2026-11-28', 'entente backup /backups/move --final']).action(
    inNode(run, 'backup', ({ final }, [folder]) => ['--folder', folder as string, ...(final ? ['--final'] : [])]),
  );

  const restore = program
    .command('restore')
    .summary('load a backup into an empty database')
    .description(
      'Loads a backup into a database that was migrated and holds nothing, all of it or nothing, and finds every digest, chain, root and signature again. What was erased is erased again. The node adds nothing before `recover`.',
    )
    .argument('<folder>', 'the backup')
    .option(
      '--erased <file>',
      'entries of a later copy of the log (`entente audit entries`): what they say was erased since does not come back',
    );
  withExamples(withConfiguration(restore), [
    'entente restore /backups/2026-11-28',
    'entente restore /backups/2026-11-28 --erased log.ndjson',
  ]).action(inNode(run, 'restore', ({ erased }, [folder]) => ['--folder', folder as string, ...(erased ? ['--erased', erased] : [])]));

  const recover = program
    .command('recover')
    .summary('go on after a restore, with what the partners hold')
    .description(
      'Asks every partner what it holds of this node. If nobody holds more than the database, the node goes on where it stood. If somebody does, it is fetched, and the node goes on in a new epoch: an incident that every partner sees, so it takes a reason.',
    )
    .option('--new-epoch <reason>', 'go on in a new epoch, for this reason; at most 500 characters, partners read it', reason);
  withExamples(withConfiguration(recover), [
    'entente recover',
    'entente recover --new-epoch "Disk lost on 28 November, backup of the night before restored"',
  ]).action(inNode(run, 'recover', ({ newEpoch }) => (newEpoch ? ['--new-epoch', newEpoch] : [])));
};

function reason(text: string): string {
  if (text.trim() === '' || text.length > 500) throw new InvalidArgumentError('A reason has 1 to 500 characters.');
  return text.trim();
}

type Options = CommonOptions & { final?: boolean; erased?: string; newEpoch?: string };

const inNode = (run: Run, word: string, flags: (options: Options, args: string[]) => string[]): ReturnType<Run> =>
  run<Options>(async (options, args) => {
    const file = await existingConfiguration(options.config);
    const common = ['--config', file, ...(options.json ? ['--json'] : [])];
    return { exitCode: await runProgram('node', [word, ...common, ...flags(options, args)]) };
  });
