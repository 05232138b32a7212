import type { Command, Option } from 'commander';

/** The commands as a shell needs them, read off the tree that the program itself runs. */
export interface Completion {
  /** Names down to this command; empty for the program itself. */
  path: string[];
  summary: string;
  subcommands: { name: string; summary: string }[];
  flags: Flag[];
  /** Whether an argument is wanted: what it may be only files and partners know. */
  arguments: boolean;
}

export interface Flag {
  name: string;
  description: string;
  takesValue: boolean;
  choices: string[];
}

export function completionsOf(command: Command, path: string[] = []): Completion[] {
  const subcommands = command.commands.map((child) => ({ name: child.name(), summary: child.summary() || child.description() }));
  const own = {
    path,
    summary: command.summary(),
    subcommands,
    flags: command.options.map(flagOf),
    arguments: command.registeredArguments.length > 0,
  };
  return [
    { ...own, flags: [...own.flags, { name: '--help', description: 'help with examples', takesValue: false, choices: [] }] },
    ...command.commands.flatMap((child) => completionsOf(child, [...path, child.name()])),
  ];
}

const flagOf = (option: Option): Flag => ({
  name: option.long ?? option.short ?? '',
  description: option.description,
  takesValue: option.required || option.optional,
  choices: option.argChoices ?? [],
});
