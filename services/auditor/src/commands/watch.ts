import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { AuditorError } from '../error.js';
import { openIdentity } from '../identity.js';
import { look, type Seen } from '../watch.js';
import { type NodeOptions, nodeOptions, openNode, type Register, readTrust, type TrustOptions, trustOptions } from './options.js';

type Options = NodeOptions & TrustOptions & { state: string; every: string; once?: boolean };

export const registerWatch: Register = (program, terminal, ended) => {
  const command = program
    .command('watch')
    .description('keeps the last checkpoint of a node and raises an alarm when the next one does not continue it; until Ctrl-C');
  trustOptions(nodeOptions(command))
    .requiredOption('--state <file>', 'where the last checkpoint is kept')
    .option('--every <seconds>', 'how often to look', '300')
    .option('--once', 'look once and end')
    .action(async ({ state, every, once, ...options }: Options) => {
      const seconds = Number(every);
      if (!Number.isInteger(seconds) || seconds < 1 || seconds > 86_400)
        throw new AuditorError('bad_input', '--every is a number of seconds from 1 to 86400');
      const source = await openNode(options);
      const trust = await readTrust(options);
      const stop = new AbortController();
      const end = () => stop.abort();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
      try {
        do {
          ended(await lookOnce());
          if (!once) await pause(seconds * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
        } while (!once && !stop.signal.aborted);
      } finally {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
      }

      async function lookOnce(): Promise<0 | 1> {
        const identity = await openIdentity(await source.configuration(), trust, ({ check, object, what }) =>
          terminal.out(`ALARM ${check} ${object}: ${what}\n`),
        );
        const { seen, size, cosigned, opened, findings } = await look(source, identity, await readSeen(state));
        if (seen) await keep(state, seen);
        const now = new Date().toISOString();
        for (const { epoch, reason } of opened) terminal.out(`${now} NEW EPOCH ${epoch}: ${reason}\n`);
        for (const { check, what } of findings) terminal.out(`${now} ALARM ${check}: ${what}\n`);
        if (findings.length === 0) terminal.out(`${now} ${identity.id}: ${size} entries, continued; cosigned by ${cosigned}\n`);
        return findings.length === 0 ? 0 : 1;
      }
    });
};

async function readSeen(file: string): Promise<Seen | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new AuditorError('bad_input', `${file} cannot be read: ${error.message}`);
  });
  if (text === undefined) return undefined;
  const [origin] = text.split('\n');
  if (!origin) throw new AuditorError('bad_input', `${file} holds no checkpoint`);
  return { origin, note: text };
}

/** Whole or not at all: half a checkpoint would be an alarm. */
async function keep(file: string, { note }: Seen): Promise<void> {
  await writeFile(`${file}.new`, note);
  await rename(`${file}.new`, file);
}
