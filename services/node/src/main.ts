#!/usr/bin/env node
/** `entente-node COMMAND --config FILE [--json]`. People call it through `entente`. */
import { parseArgs } from 'node:util';
import { StoreError } from '@entente/store';
import { backup } from './commands/backup.js';
import type { Command } from './commands/command.js';
import { doctor } from './commands/doctor.js';
import { migrate } from './commands/migrate.js';
import { recover } from './commands/recover.js';
import { restore } from './commands/restore.js';
import { serve } from './commands/serve.js';
import { ConfigError, loadConfig } from './config/load.js';

const commands: Record<string, Command> = {
  serve,
  migrate,
  backup,
  restore,
  recover,
  doctor,
  'config check': async ({ entity_id }) => ({ result: { ok: true, entity_id }, words: [`The configuration of ${entity_id} is good.`] }),
};

const options = {
  config: { type: 'string', default: 'entente.json' },
  json: { type: 'boolean', default: false },
  migrate: { type: 'boolean' },
  folder: { type: 'string' },
  final: { type: 'boolean' },
  erased: { type: 'string' },
  'new-epoch': { type: 'string' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const command = commands[positionals.join(' ')];
  if (!command) {
    process.stderr.write(`usage: entente-node ${Object.keys(commands).join(' | ')} --config FILE [--json]\n`);
    return 2;
  }
  try {
    const outcome = await command(loadConfig(values.config, process.env), values);
    if (outcome) process.stdout.write(values.json ? `${JSON.stringify(outcome.result)}\n` : `${outcome.words.join('\n')}\n`);
    return outcome?.exitCode ?? 0;
  } catch (error) {
    complain(error as Failure, values.json);
    return error instanceof ConfigError ? 2 : 1;
  }
}

type Failure = Error & { code?: unknown; advice?: string; problems?: readonly string[] };

/** As every command of `entente` does: words on the error output, or one object on the output. */
function complain(error: Failure, json: boolean): void {
  const { message, advice, problems } = error;
  const code = error instanceof ConfigError ? 'configuration_invalid' : typeof error.code === 'string' ? error.code : 'failed';
  const mend = advice ?? (error instanceof StoreError ? adviceFor[error.code] : undefined);
  if (json) {
    process.stdout.write(`${JSON.stringify({ error: { code, message, ...(mend && { advice: mend }), ...(problems && { problems }) } })}\n`);
  } else process.stderr.write(`${message}\n${mend ? `  ${mend}\n` : ''}`);
}

const adviceFor: Partial<Record<StoreError['code'], string>> = {
  schema_older: 'Run `entente migrate`.',
  schema_newer: 'Install the version of this program that made it, or a later one. Nothing was changed.',
  migration_changed: 'Install the program as it was published: its migrations must not be edited.',
  not_empty: 'Nothing was changed. Name an empty folder, or make a new database and migrate it.',
  backup_damaged: 'Nothing was changed. Use another copy of the backup.',
  backup_unfit: 'Nothing was changed. Use the backup and the version of the program that belong together.',
  not_recovered: 'Run `entente recover`.',
  unavailable: 'Look whether the database runs, and whether the address is right: `entente doctor`.',
};

process.exitCode = await main();
