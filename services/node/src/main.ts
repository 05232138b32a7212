#!/usr/bin/env node
/** `entente-node serve [--migrate] | migrate | config check`, each with `--config FILE`. People call it through `entente`. */
import { parseArgs } from 'node:util';
import { migrate } from '@entente/store';
import { pino } from 'pino';
import { startNode } from './app.js';
import { ConfigError, loadConfig, readSecret } from './config/load.js';
import type { Config } from './config/schema.js';

interface Asked {
  json: boolean;
  /** The schema first, then serving: one start where the node's machine may hold the owner's address. */
  migrate: boolean;
}

const commands: Record<string, (config: Config, asked: Asked) => Promise<void>> = {
  serve,
  migrate: migrateDatabase,
  'config check': async (config, { json }) => {
    process.stdout.write(
      json ? `${JSON.stringify({ ok: true, entity_id: config.entity_id })}\n` : `The configuration of ${config.entity_id} is good.\n`,
    );
  },
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      config: { type: 'string', default: 'entente.json' },
      json: { type: 'boolean', default: false },
      migrate: { type: 'boolean', default: false },
    },
  });
  const command = commands[positionals.join(' ')];
  if (!command) {
    process.stderr.write(`usage: entente-node ${Object.keys(commands).join(' | ')} --config FILE [--json] [--migrate]\n`);
    process.exitCode = 2;
    return;
  }
  try {
    await command(loadConfig(values.config, process.env), values);
  } catch (error) {
    complain(error, values.json);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  }
}

/** Until SIGTERM or SIGINT; then finishes what is under way and ends. */
async function serve(config: Config, asked: Asked): Promise<void> {
  if (asked.migrate) await migrateDatabase(config, asked);
  const logger = pino({ level: config.log_level, base: { node: config.entity_id }, redact: ['req.headers.authorization'] });
  const node = await startNode(config, logger);
  logger.info(node.addresses, 'the node is up');
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
  });
  logger.info({ signal }, 'the node goes down');
  await node[Symbol.asyncDispose]();
  logger.info('the node is down');
}

async function migrateDatabase(config: Config, { json }: Pick<Asked, 'json'>): Promise<void> {
  if (!config.database.owner_url_file)
    throw new Error('database.owner_url_file is not set: only the owner of the database may change its schema');
  const applicationRole = new URL(readSecret(config.database.url_file)).username;
  const { from, to } = await migrate(readSecret(config.database.owner_url_file), {
    applicationRole,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(
    json
      ? `${JSON.stringify({ from, to })}\n`
      : from === to
        ? `The schema is at ${to}; nothing to do.\n`
        : `The schema went from ${from} to ${to}.\n`,
  );
}

function complain(error: unknown, json: boolean): void {
  const { message, problems } = error as Error & { problems?: readonly string[] };
  process.stderr.write(json ? `${JSON.stringify({ ok: false, message, ...(problems ? { problems } : {}) })}\n` : `${message}\n`);
}

await main();
