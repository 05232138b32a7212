import type pg from 'pg';
import { lockLog, moveLog } from '../commit/heads.js';
import { leafOf } from '../commit/leaf-of.js';
import { newClient } from '../database/pool.js';
import { beginEpoch, type NewEpoch } from '../epoch/begin.js';
import { StoreError, storeError } from '../error.js';
import { appendLeaves, exchangeLeaf, type LeafToAppend } from '../log/append.js';
import { atRandom, blockSize } from '../log/block.js';
import { Partitions } from '../partitions.js';
import { type Restoration, readPending } from './restoration.js';

export interface RecoverOptions {
  url: string;
  now: number;
  random: (bytes: number) => Uint8Array;
  /** What each peer held of this node, for the record. */
  findings: unknown;
  /** Goes on in a new epoch, for this reason; in the same one without it. `after`: the highest epoch that somebody else knows of. */
  newEpoch?: Pick<NewEpoch, 'reason' | 'origin'> & { after: number };
}

export interface Recovered {
  restoration: Restoration;
  epoch: number;
}

/**
 * Opens the database again after a restore, in the same epoch or in a new one. Whether that is right is for the caller to know.
 * @throws {StoreError} `unknown_reference` when there is nothing to recover from, `unavailable`
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const client = newClient({ url: options.url, applicationName: 'entente recover' });
  client.on('error', () => undefined); // the query in flight fails with it
  try {
    await client.connect();
    await client.query('BEGIN');
    const { rows } = await client.query<{ epoch: number }>('SELECT epoch FROM head ORDER BY rank, name FOR UPDATE');
    const restoration = await readPending(client);
    if (restoration === undefined) throw new StoreError('unknown_reference', 'this database was not restored from a backup');
    const before = Math.max(...rows.map((row) => row.epoch));
    const epoch = options.newEpoch ? newNumber(Math.max(before, options.newEpoch.after), options.now) : before;
    await client.query('INSERT INTO recovery (restoration, at, outcome, epoch, findings) VALUES ($1, $2, $3, $4, $5)', [
      restoration.number,
      options.now,
      options.newEpoch ? 'new_epoch' : 'same_epoch',
      epoch,
      JSON.stringify(options.findings),
    ]);
    if (options.newEpoch) await beginEpoch(client, before, { ...options.newEpoch, epoch, now: options.now, random: options.random });
    await logErasures(client, restoration, options);
    await client.query('COMMIT');
    return { restoration, epoch };
  } catch (error) {
    throw storeError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * The minute in which it is opened: counting on from the restored state could give a number again that was given after the backup, to an
 * epoch of which nobody who can be asked has heard.
 */
const newNumber = (before: number, now: number): number => Math.max(before + 1, Math.floor(now / 60));

const erasedText = `SELECT ref, statement FROM content_name WHERE erased_at >= $1 ORDER BY position`;

/** What the restore has destroyed again. */
async function logErasures(client: pg.Client, { at }: Restoration, { now, random }: RecoverOptions): Promise<void> {
  const { rows } = await client.query<{ ref: Buffer; statement: Buffer }>(erasedText, [at]);
  const name = (bytes: Buffer) => bytes.toString('base64url');
  await append(
    client,
    rows.map(({ ref, statement }) => exchangeLeaf(leafOf.erased(name(statement), name(ref)), now, random)),
    atRandom(random),
  );
}

async function append(client: pg.Client, leaves: readonly LeafToAppend[], choose: (free: number) => number): Promise<void> {
  if (leaves.length === 0) return;
  const end = await lockLog(client, 'exchange');
  const { frontier, open } = end;
  await new Partitions().reach(client, { record: 0, feed: 0, log: frontier.size + open.size + leaves.length + blockSize.exchange });
  for (const query of appendLeaves(end, leaves, choose)) await client.query(query);
  await moveLog(client, end);
}
