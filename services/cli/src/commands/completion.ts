import { Argument } from 'commander';
import { type Register, withExamples, withJson } from '../command.js';
import { bashCompletion } from '../completion/bash.js';
import { fishCompletion } from '../completion/fish.js';
import { type Completion, completionsOf } from '../completion/tree.js';
import { zshCompletion } from '../completion/zsh.js';

const shells: Record<string, (completions: readonly Completion[]) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export const registerCompletion: Register = (program, run) => {
  const command = program
    .command('completion')
    .summary('complete commands in your shell')
    .description('Prints a script with which your shell completes the commands and options of this program.')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(shells)));
  withExamples(withJson(command), [
    'entente completion bash > ~/.local/share/bash-completion/completions/entente',
    'entente completion zsh > ~/.zfunc/_entente',
    'entente completion fish > ~/.config/fish/completions/entente.fish',
  ]).action(
    run<object>(async (_, [shell = '']) => {
      const completions = completionsOf(program);
      return { result: { commands: completions }, words: [shells[shell]?.(completions) ?? ''] };
    }),
  );
};
