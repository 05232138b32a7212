import { pino } from 'pino';
import { startNode } from '../app.js';
import type { Command } from './command.js';
import { migrate } from './migrate.js';

/** Until SIGTERM or SIGINT; then finishes what is under way and ends. Ends by itself, with an error, when it must not go on. */
export const serve: Command = async (config, args) => {
  if (args.migrate) process.stderr.write(`${(await migrate(config, args))!.words.join('\n')}\n`);
  const logger = pino({ level: config.log_level, base: { node: config.entity_id }, redact: ['req.headers.authorization'] });
  const node = await startNode(config, logger);
  logger.info(node.addresses, 'the node is up');
  const told = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
  });
  try {
    const signal = await Promise.race([told, node.failed]);
    logger.info({ signal }, 'the node goes down');
  } finally {
    await node[Symbol.asyncDispose]();
  }
  logger.info('the node is down');
  return undefined;
};
