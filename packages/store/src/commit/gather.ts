import type { Act, Committed } from '../act.js';
import { StoreError, storeError } from '../error.js';
import { type BatchTools, commitBatch, type Outcome } from './batch.js';

const mostWaiting = 4_096;
const mostActs = 64;
const mostBytes = 8 * 1024 * 1024;

interface Waiting {
  act: Act;
  bytes: number;
  settle: (outcome: Outcome) => void;
}

/**
 * Gathers what is to be committed at one moment into one transaction: while one runs, the next batch forms. Many acts share the round
 * trips, the locks and the flush to disk of one.
 */
export class Gather {
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(readonly tools: BatchTools) {}

  async commit(act: Act): Promise<Committed> {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
    if (this.#waiting.length >= mostWaiting) throw new StoreError('busy', `${mostWaiting} acts are waiting to be stored`);
    const bytes = bytesOf(act);
    const outcome = await new Promise<Outcome>((settle) => {
      this.#waiting.push({ act, bytes, settle });
      this.#running ??= this.#run();
    });
    if (outcome instanceof StoreError) throw outcome;
    return outcome;
  }

  /** Refuses what comes from now on, and resolves when all that waits has its outcome. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // What comes in the same turn of the event loop shares the first batch.
    await new Promise((resume) => setImmediate(resume));
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      const outcomes = await commitAll(
        this.tools,
        batch.map((waiting) => waiting.act),
      );
      batch.forEach(({ settle }, i) => {
        settle(outcomes[i]!);
      });
    }
    this.#running = undefined;
  }

  /** An act that changes peers or agreements is alone: what was decided on the old ones and waits behind it must see the new ones. */
  #take(): Waiting[] {
    let bytes = 0;
    let end = 0;
    while (end < Math.min(mostActs, this.#waiting.length)) {
      const next = this.#waiting[end]!;
      bytes += next.bytes;
      if (end > 0 && (bytes > mostBytes || changesRules(next.act))) break;
      end += 1;
      if (changesRules(next.act)) break;
    }
    return this.#waiting.splice(0, end);
  }
}

const changesRules = (act: Act) => act.peers !== undefined || act.agreements !== undefined || act.agreementActs !== undefined;

/** Weight of an act, from its large members. It is the first to look at what the caller handed in. */
function bytesOf(act: Act): number {
  try {
    return bytesIn(act);
  } catch (error) {
    throw storeError(error);
  }
}

function bytesIn({ statements = [], contents = [], releases = [], received = [], quarantine = [], drafts = [] }: Act): number {
  const texts = [...statements, ...releases, ...received].reduce((sum, { jwt }) => sum + (jwt?.length ?? 0), 0);
  return [...contents, ...quarantine, ...drafts].reduce((sum, { sealed }) => sum + (sealed?.ciphertext.length ?? 0), texts);
}

/** If the database refuses a batch, each act by itself: only the one at fault fails. A lost connection is nobody's fault and ends them all. */
async function commitAll(tools: BatchTools, acts: readonly Act[]): Promise<Outcome[]> {
  try {
    return await commitBatch(tools, acts);
  } catch (error) {
    const failure = storeError(error);
    if (acts.length === 1 || failure.code === 'unavailable') return acts.map(() => failure);
    const outcomes: Outcome[] = [];
    for (const act of acts) outcomes.push(...(await commitAll(tools, [act])));
    return outcomes;
  }
}
