import type pg from 'pg';

type Sequence = 'record' | 'feed' | 'log';

/** Knows how far the partitions reach, and has the next ones made before a position needs them. */
export class Partitions {
  /** First position without a partition, and a partition's size. Others may have made more since: that does no harm. */
  readonly #reach = new Map<string, { upper: number; size: number }>();

  /** Called under the locks of the heads, so that no position lies further than what is asked for. */
  async reach(client: pg.ClientBase, last: Record<Sequence, number>): Promise<void> {
    if (this.#reach.size === 0) await this.#read(client);
    for (const [sequence, position] of Object.entries(last)) {
      const { upper, size } = this.#reach.get(sequence)!;
      // The next one is made when three quarters of the last are used.
      if (position + size / 4 < upper) continue;
      const { rows } = await client.query<{ upper: number }>('SELECT extend_partitions($1, $2) AS upper', [
        sequence,
        position + Math.ceil(size / 4),
      ]);
      this.#reach.set(sequence, { upper: rows[0]!.upper, size });
    }
  }

  /** After a rollback, which may have taken partitions away. */
  forget(): void {
    this.#reach.clear();
  }

  async #read(client: pg.ClientBase): Promise<void> {
    const text = 'SELECT sequence, min(upper) AS upper, min(size) AS size FROM partitioned GROUP BY sequence';
    const { rows } = await client.query<{ sequence: string; upper: number; size: number }>(text);
    for (const { sequence, upper, size } of rows) this.#reach.set(sequence, { upper, size });
  }
}
