import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, startServer } from '@entente/postgres';
import pg from 'pg';
import { migrate, openStore, type Store } from '../src/index.js';

export interface TestDatabase extends AsyncDisposable {
  ownerUrl: string;
  applicationUrl: string;
  owner: pg.Pool;
  /** The superuser: sees what sessions of other roles wait for, and may end them. */
  admin: pg.Pool;
  /** Time that stores opened here see; a test moves it. */
  clock: { now: number };
  open(options?: { poolSize?: number; applicationName?: string }): Promise<Store>;
}

export interface TestServer {
  database(options?: { partitionSize?: number; migrated?: boolean }): Promise<TestDatabase>;
  stop(): Promise<void>;
}

let made = 0;

/** A server for one file of tests, in a temporary folder. */
export async function startTestServer(): Promise<TestServer> {
  const dir = await mkdtemp(join(tmpdir(), 'entente-store-'));
  const server = await startServer({ dir });
  const open: TestDatabase[] = [];
  const stop = async () => {
    for (const database of open) await database[Symbol.asyncDispose]();
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return {
    stop,
    database: async ({ partitionSize, migrated = true } = {}) => {
      made += 1;
      const names = { name: `node_${made}`, owner: `owner_${made}`, application: `application_${made}` };
      const { ownerUrl, applicationUrl } = await createDatabase(server, names);
      if (migrated) await migrate(ownerUrl, { applicationRole: names.application, ...(partitionSize !== undefined && { partitionSize }) });
      const database = testDatabase(ownerUrl, applicationUrl, server.url(names.name));
      open.push(database);
      return database;
    },
  };
}

function testDatabase(ownerUrl: string, applicationUrl: string, adminUrl: string): TestDatabase {
  const clock = { now: 1_800_000_000 };
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 4 });
  const admin = new pg.Pool({ connectionString: adminUrl, max: 2 });
  // Tests break connections, also of these while nobody uses them.
  for (const pool of [owner, admin]) pool.on('error', () => undefined);
  const stores: Store[] = [];
  return {
    ownerUrl,
    applicationUrl,
    owner,
    admin,
    clock,
    open: async (options = {}) => {
      const store = await openStore({ url: applicationUrl, now: () => clock.now, random: randomBytes, ...options });
      stores.push(store);
      return store;
    },
    [Symbol.asyncDispose]: async () => {
      for (const store of stores) await store[Symbol.asyncDispose]();
      await Promise.all([owner.end(), admin.end()]);
    },
  };
}
