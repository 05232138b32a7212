import type { Completion } from './tree.js';

export function fishCompletion(completions: readonly Completion[]): string {
  const lines = completions.flatMap(({ path, subcommands, flags }) => [
    ...subcommands.map(({ name, summary }) => `complete -c entente -n ${at(path)} -f -a ${quoted(name)} -d ${quoted(summary)}`),
    ...flags.map(
      ({ name, description, takesValue, choices }) =>
        `complete -c entente -n ${at(path)} -l ${name.slice(2)}${takesValue ? ' -r' : ''}${choices.length > 0 ? ` -f -a ${quoted(choices.join(' '))}` : ''} -d ${quoted(description)}`,
    ),
  ]);
  const groups = completions
    .filter(({ subcommands }) => subcommands.length > 0)
    .map(
      ({ path, subcommands }) => `      case ${quoted(path.join(' '))}
        set subcommands ${subcommands.map(({ name }) => name).join(' ')}`,
    );
  return `# fish completion of entente: entente completion fish > ~/.config/fish/completions/entente.fish
function __entente_at
  set -l path
  for word in (commandline -opc)[2..-1]
    set -l subcommands
    switch "$path"
${groups.join('\n')}
    end
    if contains -- $word $subcommands
      set path $path $word
    end
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}
`;
}

const at = (path: string[]): string => quoted(`__entente_at "${path.join(' ')}"`);
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
