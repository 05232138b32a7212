import { type Command, Option } from 'commander';
import type { Outcome, Terminal } from './outcome.js';

/** What an act may use of the world besides its options. */
export interface World {
  terminal: Terminal;
  /** Seconds since the epoch. */
  now: () => number;
}

export type Act<Options> = (options: Options, args: string[], world: World) => Promise<Outcome>;
/** Wraps an act into what commander calls; the outcome is printed and the exit code kept by whoever made it. */
export type Run = <Options>(act: Act<Options>) => (...call: unknown[]) => Promise<void>;
/** An act that is loaded when it is called: the cryptography and the schemas that it needs must not slow down every other command. */
export function late<Options>(load: () => Promise<Act<Options>>): Act<Options> {
  return async (...call) => (await load())(...call);
}

/** One file of commands/ adds its commands; program.ts lists them all. */
export type Register = (program: Command, run: Run) => void;

export interface CommonOptions {
  config?: string;
  json?: boolean;
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object for programs instead of words for people');
}

export function withConfiguration(command: Command): Command {
  return withJson(command).addOption(
    new Option('-c, --config <file>', 'configuration of the node (default: entente.json here)').env('ENTENTE_CONFIG'),
  );
}

/** For commands that talk to the agency's own node. */
export function withNode(command: Command): Command {
  return withConfiguration(command)
    .addOption(
      new Option('--url <url>', 'address of the node (default: agency.host and agency.port of the configuration)').env('ENTENTE_URL'),
    )
    .addOption(
      new Option('--token-file <file>', 'file with a bearer token (default: a token of the local issuer, in trials)').env(
        'ENTENTE_TOKEN_FILE',
      ),
    );
}

/** Variables of this program; the programs that it starts refuse what they do not know. */
export const ownVariables = ['ENTENTE_CONFIG', 'ENTENTE_URL', 'ENTENTE_TOKEN_FILE'] as const;

/** A group of commands: `entente draft ...`. */
export function group(program: Command, name: string, summary: string, description: string): Command {
  return program.command(name).summary(summary).description(description);
}

export const toOption = (): Option =>
  new Option('--to <id>', 'entity id of a partner it is for; may be given several times').argParser((id: string, before: string[] = []) => [
    ...before,
    id,
  ]);

export function withExamples(command: Command, examples: string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`);
}
