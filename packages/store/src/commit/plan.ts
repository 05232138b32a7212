import type pg from 'pg';
import type { AccessEntry, Committed } from '../act.js';
import { StoreError } from '../error.js';
import { exchangeLeaf, type LeafToAppend } from '../log/append.js';
import type { StoreEvent } from '../store.js';
import { type Heads, nextLink } from './heads.js';
import type { LeafMembers } from './leaf-of.js';

/** What the acts of one transaction add to sequences and logs, in order. Positions are indexes under the locks held. */
export class Plan {
  readonly leaves: LeafToAppend[] = [];
  readonly access: AccessEntry[] = [];
  readonly events = new Map<string, StoreEvent>();

  constructor(
    readonly at: number,
    readonly heads: Heads,
    readonly random: (bytes: number) => Uint8Array,
  ) {}

  nextRecord(): number {
    this.heads.records += 1;
    return this.heads.records;
  }

  appendToFeed(peer: string, digest: string): { epoch: number; position: number; chain: Uint8Array } {
    const feed = this.heads.feeds.get(peer);
    if (feed === undefined) throw new StoreError('unavailable', `the feed to ${peer} has no head`);
    feed.size += 1;
    feed.chain = nextLink(feed.chain, digest);
    return { epoch: feed.epoch, position: feed.size, chain: feed.chain };
  }

  leaf(members: LeafMembers): void {
    this.leaves.push(exchangeLeaf(members, this.at, this.random));
  }

  notify(kind: StoreEvent['kind'], peer: string): void {
    this.events.set(`${kind} ${peer}`, { kind, peer });
  }
}

/** Adds one group of an act's objects to the plan, and later writes what was added. */
export interface Writer<A> {
  /** Throws a StoreError if the act cannot be; the plan is then made again without it. */
  add(act: A, plan: Plan, committed: Committed): void;
  /** Statements that write what was added, in the order in which they have to run. */
  queries(): Iterable<pg.QueryConfig>;
}

/**
 * One group of an act's objects. `open` reads, under the locks, what the database knows of them; the result makes a writer per attempt at
 * planning.
 */
export interface Group<A> {
  uses(act: A): boolean;
  open(client: pg.ClientBase, acts: readonly A[]): Promise<() => Writer<A>>;
}
