import type { Completion } from './tree.js';

/** Words are those of our own tree: names and flags without blanks or quotes. */
export function bashCompletion(completions: readonly Completion[]): string {
  const valued = [...new Set(completions.flatMap(({ flags }) => flags.filter((flag) => flag.takesValue).map((flag) => flag.name)))];
  const choices = completions.flatMap(({ path, flags }) =>
    flags
      .filter((flag) => flag.choices.length > 0)
      .map(
        (flag) => `    '${[...path, flag.name].join(' ')}') COMPREPLY=($(compgen -W '${flag.choices.join(' ')}' -- "$word")); return ;;`,
      ),
  );
  const paths = completions.map(({ path, subcommands, flags }) => {
    const words = [...subcommands.map(({ name }) => name), ...flags.map(({ name }) => name)];
    return `    '${path.join(' ')}') words='${words.join(' ')}' ;;`;
  });
  const groups = completions
    .filter(({ subcommands }) => subcommands.length > 0)
    .map(({ path, subcommands }) => `      '${path.join(' ')}') subcommands='${subcommands.map(({ name }) => name).join(' ')}' ;;`);
  return `# bash completion of entente: source <(entente completion bash)
_entente() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path='' words='' subcommands='' at skip=''
  for ((at = 1; at < COMP_CWORD; at++)); do
    if [[ $skip ]]; then skip=''; continue; fi
    case "\${COMP_WORDS[at]}" in
      ${valued.join('|')}|-c) skip=1; continue ;;
      -*) continue ;;
    esac
    subcommands=''
    case "$path" in
${groups.join('\n')}
    esac
    if [[ " $subcommands " == *" \${COMP_WORDS[at]} "* ]]; then path="\${path:+$path }\${COMP_WORDS[at]}"; fi
  done
  case "\${path:+$path }$before" in
${choices.join('\n')}
  esac
  case "$before" in
    ${valued.join('|')}|-c) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  case "$path" in
${paths.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [[ $word != -* ]]; then COMPREPLY+=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _entente entente
`;
}
