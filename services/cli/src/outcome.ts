import { ProblemError, UnreachableError } from '@entente/client';
import { CommanderError } from 'commander';
import { CliError, exitCodes } from './failure.js';
import { refusalOf } from './refusal.js';

/** What a command gives back: `result` for programs (`--json`), `words` for people, one line each. */
export interface Outcome {
  result?: Record<string, unknown>;
  words?: string[];
  exitCode?: number;
}

/** Where a command talks to the person or program that called it. */
export interface Terminal {
  /** True when a person sits there: questions may be asked. */
  interactive: boolean;
  print(text: string): void;
  complain(text: string): void;
  /** A line that the next one replaces, for long work; nowhere when nobody sits there. An empty one takes it away. */
  status(text: string): void;
  ask(question: string): Promise<string>;
}

export function present(terminal: Terminal, outcome: Outcome, json: boolean): number {
  if (json && outcome.result) terminal.print(JSON.stringify(outcome.result));
  if (!json && outcome.words?.length) terminal.print(outcome.words.join('\n'));
  return outcome.exitCode ?? 0;
}

/** Turns any failure into words (or one JSON object) and the exit code. */
export function presentFailure(terminal: Terminal, error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return presentUsage(terminal, error, json);
  const failure = asFailure(error);
  if (json) {
    const { code, message, advice, detail } = failure;
    terminal.print(JSON.stringify({ error: { code, message, advice, ...detail } }));
  } else {
    terminal.complain(`entente: ${failure.message}`);
    if (failure.advice) terminal.complain(`  ${failure.advice}`);
  }
  return exitCodes[failure.code];
}

/** commander has already written help and usage errors for people by the time it throws. */
function presentUsage(terminal: Terminal, error: CommanderError, json: boolean): number {
  if (error.exitCode === 0) return 0;
  if (json)
    terminal.print(
      JSON.stringify({ error: { code: 'usage', message: error.message.replace(/^error: /, ''), advice: 'Run the command with --help.' } }),
    );
  return exitCodes.usage;
}

function asFailure(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof UnreachableError) {
    return new CliError('unreachable', error.message, 'Start the node with `entente serve`, or name another address with --url.', {
      url: error.url,
    });
  }
  if (error instanceof ProblemError) {
    return refusalOf(error.status, { code: error.code, detail: error.message, request_id: error.requestId });
  }
  throw error;
}
