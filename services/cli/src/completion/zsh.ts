import type { Completion, Flag } from './tree.js';

export function zshCompletion(completions: readonly Completion[]): string {
  return `#compdef entente
# zsh completion of entente: entente completion zsh > ~/.zfunc/_entente
${completions.map(functionFor).join('\n')}
_entente "$@"
`;
}

/** One function per command: _arguments completes its flags and goes on to the function of the subcommand that was typed. */
function functionFor({ path, subcommands, flags, arguments: takes }: Completion): string {
  const name = functionName(path);
  const specs = flags.map(flagSpec);
  if (subcommands.length === 0)
    return `${name}() {\n  _arguments ${[...specs, ...(takes ? ["'*:file:_files'"] : [])].join(' \\\n    ')}\n}`;
  return `${name}() {
  local state line
  _arguments -C ${[...specs, "'1:command:->command'", "'*::argument:->argument'"].join(' \\\n    ')}
  case $state in
    command) _values command ${subcommands.map((one) => quoted(`${one.name}[${plain(one.summary)}]`)).join(' ')} ;;
    argument)
      case $line[1] in
${subcommands.map((one) => `        ${one.name}) ${functionName([...path, one.name])} ;;`).join('\n')}
      esac ;;
  esac
}`;
}

const functionName = (path: string[]): string => ['_entente', ...path].join('_').replaceAll('-', '_');
const flagSpec = ({ name, description, takesValue, choices }: Flag): string =>
  quoted(`*${name}[${plain(description)}]${takesValue ? `:value:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}` : ''}`);
/** Brackets and colons are signs of _arguments. */
const plain = (text: string): string => text.replace(/[[\]:\\]/g, ' ').replace(/ +/g, ' ');
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
