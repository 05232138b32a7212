import { Readable } from 'node:stream';
import type pg from 'pg';

/** What a copy uses of the driver's connection. */
interface Wire {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
  stream: {
    pause(): void;
    resume(): void;
    destroy(): void;
    readonly writableNeedDrain: boolean;
    once(event: 'drain' | 'close', listener: () => void): void;
    off(event: 'drain' | 'close', listener: () => void): void;
  };
}

type Complete = { text: string };
const rowsOf = ({ text }: Complete): number => Number(text.split(' ').at(-1));

/**
 * COPY ... TO STDOUT as a stream. Holds no more than a network buffer: while nobody reads, the connection's socket is not read either.
 * `rows` is there when it has ended.
 */
export class CopyOut extends Readable {
  rows = 0;
  #wire: Wire | undefined;
  #over = false;

  constructor(readonly text: string) {
    super();
  }

  submit(connection: unknown): void {
    this.#wire = connection as Wire;
    this.#wire.query(this.text);
  }

  override _read(): void {
    this.#wire?.stream.resume();
  }

  /** Left half way, the connection still has the rest of the rows to deliver: it is good for nothing else. */
  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (!this.#over) this.#wire?.stream.destroy();
    callback(error);
  }

  /** The chunk lies in a buffer that the driver writes over. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (!this.push(Buffer.from(chunk))) this.#wire!.stream.pause();
  }

  handleCommandComplete(complete: Complete): void {
    this.rows = rowsOf(complete);
  }

  handleReadyForQuery(): void {
    this.#over = true;
    this.push(null);
  }

  handleError(error: Error): void {
    this.#over = true;
    this.destroy(error);
  }
}

export function copyOut(client: pg.ClientBase, text: string): CopyOut {
  return client.query(new CopyOut(text) as unknown as pg.Submittable) as unknown as CopyOut;
}

/** COPY ... FROM STDIN, from a stream of bytes. @returns the number of rows */
export function copyIn(client: pg.ClientBase, text: string, source: AsyncIterable<Buffer>): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0;
    let failure: unknown;
    client.query({
      submit: (connection: unknown) => (connection as Wire).query(text),
      handleCopyInResponse: (connection: Wire) => {
        send(connection, source, () => failure !== undefined).catch((error: unknown) => {
          failure = error;
          connection.sendCopyFail('the source failed');
        });
      },
      handleCommandComplete: (complete: Complete) => {
        rows = rowsOf(complete);
      },
      handleReadyForQuery: () => resolve(rows),
      handleError: (error: unknown) => {
        failure ??= error;
        reject(failure);
      },
    } as unknown as pg.Submittable);
  });
}

async function send(connection: Wire, source: AsyncIterable<Buffer>, over: () => boolean): Promise<void> {
  for await (const chunk of source) {
    if (over()) return;
    connection.sendCopyFromChunk(chunk);
    if (connection.stream.writableNeedDrain) await drained(connection);
  }
  connection.endCopyFrom();
}

function drained({ stream }: Wire): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      stream.off('drain', go);
      stream.off('close', go);
      resolve();
    };
    stream.once('drain', go);
    stream.once('close', go);
  });
}
