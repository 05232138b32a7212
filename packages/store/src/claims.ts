import type pg from 'pg';
import { type Connection, newClient } from './database/pool.js';
import type { Claim } from './store.js';

/** Names that one process holds at a time: session-level advisory locks, all on one connection, which the server frees if we die. */
export class Claims {
  readonly #held = new Map<string, AbortController>();
  #client: Promise<pg.Client> | undefined;

  constructor(readonly connection: Connection) {}

  async claim(name: string): Promise<Claim | undefined> {
    // The session that holds a lock gets it again as often as it asks.
    if (this.#held.has(name)) return undefined;
    const lost = new AbortController();
    this.#held.set(name, lost);
    try {
      const client = await this.#connected();
      const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS free', [name]);
      if (rows[0]!.free) return { lost: lost.signal, [Symbol.asyncDispose]: () => this.#release(name, lost) };
      this.#held.delete(name);
      return undefined;
    } catch (error) {
      this.#held.delete(name);
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.end();
  }

  async #release(name: string, lost: AbortController): Promise<void> {
    if (this.#held.get(name) !== lost) return;
    this.#held.delete(name);
    const client = await this.#client;
    await client?.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => undefined);
  }

  #connected(): Promise<pg.Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<pg.Client> {
    const client = newClient(this.connection);
    const gone = () => {
      this.#client = undefined;
      for (const lost of this.#held.values()) lost.abort();
      this.#held.clear();
    };
    client.on('error', () => undefined); // "end" follows
    client.on('end', gone);
    try {
      await client.connect();
    } catch (error) {
      gone();
      throw error;
    }
    return client;
  }
}
