import type { Command } from 'commander';
import { runProgram } from '../child-program.js';
import { type CommonOptions, type Register, withConfiguration, withExamples } from '../command.js';
import { existingConfiguration } from '../configuration-file.js';

/** The commands of the node program. It takes the same configuration; everything it has to say it says itself. */
export const registerNodeCommands: Register = (program, run) => {
  const nodeCommand = (parent: Command, words: string[], summary: string, description: string, examples: string[]) => {
    const command = parent
      .command(words.at(-1) as string)
      .summary(summary)
      .description(description);
    withExamples(withConfiguration(command), examples).action(
      run<CommonOptions & { migrate?: boolean }>(async (options) => {
        const file = await existingConfiguration(options.config);
        const flags = (['json', 'migrate'] as const).filter((name) => options[name]).map((name) => `--${name}`);
        return { exitCode: await runProgram('node', [...words, '--config', file, ...flags]) };
      }),
    );
    return command;
  };
  nodeCommand(
    program,
    ['serve'],
    'start the node',
    'Starts the node and stays until it is told to stop (Ctrl-C or SIGTERM); open requests are finished first.',
    ['entente serve', 'entente serve --migrate', 'entente serve --config /etc/entente/entente.json'],
  ).option('--migrate', 'bring the database to the schema of this version first, as `entente migrate` does');
  nodeCommand(
    program,
    ['migrate'],
    'bring the database to the schema of this version',
    'Creates or upgrades the tables, with the owner address of the database. Data stays in place; running it again changes nothing.',
    ['entente migrate', 'entente migrate --json'],
  );
  nodeCommand(
    program,
    ['doctor'],
    'look at everything that the node needs, and say how to mend what is wrong',
    'Looks at versions, database, disks, certificates, keys, partners and clocks, starts and changes nothing, and says how to mend each fault. Ends with 1 when something is an error.',
    ['entente doctor', 'entente doctor --json'],
  );
  const config = program.command('config').summary('look at the configuration').description('Looks at the configuration of a node.');
  nodeCommand(
    config,
    ['config', 'check'],
    'say everything that is wrong with the configuration',
    'Checks the configuration file, its environment variables and the files that it names, and says how to mend each fault. Starts nothing.',
    ['entente config check', 'entente config check --config agency/entente.json --json'],
  );
};
