import type pg from 'pg';
import { type Connection, newClient } from './database/pool.js';
import type { StoreEvent } from './store.js';

type Listener = (event: StoreEvent) => void;

const kinds: readonly StoreEvent['kind'][] = ['feed', 'inbox', 'peer', 'agreement', 'receipt', 'notice', 'webhook', 'reversal'];
const longestPauseMs = 5_000;

/** One LISTEN connection for all listeners of a process, made again when it breaks. */
export class Wake {
  readonly #listeners = new Set<Listener>();
  #client: pg.Client | undefined;
  #opening: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(readonly connection: Connection) {}

  /** Resolves when the connection listens: nothing committed after that is missed. */
  async listen(listener: Listener): Promise<AsyncDisposable> {
    this.#opening ??= this.#open();
    await this.#opening.catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    this.#listeners.add(listener);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#listeners.delete(listener);
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#listeners.clear();
    await this.#opening?.catch(() => undefined);
    await this.#client?.end();
  }

  async #open(): Promise<void> {
    const client = newClient(this.connection);
    client.on('notification', ({ payload }) => this.#tell(JSON.parse(payload ?? '{}') as StoreEvent));
    client.on('error', () => undefined); // "end" follows
    await client.connect();
    // One that does not come to listen is tried again by whoever opens it, and by nobody else.
    await client.query('LISTEN entente').catch(async (error: unknown) => {
      await client.end().catch(() => undefined);
      throw error;
    });
    client.on('end', () => {
      this.#client = undefined;
      this.#reconnect(0);
    });
    this.#client = client;
  }

  #reconnect(attempt: number): void {
    if (this.#closed) return;
    // Spread, so that the processes of a node do not all come back to a restarted server at one moment.
    const pause = attempt === 0 ? 0 : Math.min(longestPauseMs, 50 * 2 ** attempt) * (0.5 + Math.random() / 2);
    this.#retry = setTimeout(() => {
      this.#opening = this.#open().then(() => {
        for (const kind of kinds) this.#tell({ kind });
      });
      this.#opening.catch(() => this.#reconnect(attempt + 1));
    }, pause);
  }

  #tell(event: StoreEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
