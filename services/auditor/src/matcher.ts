import type { Leaf } from '@entente/ledger';
import type { Evidence, Said, Scene } from './evidence/evidence.js';
import { reporting } from './finding.js';
import { Join } from './join.js';
import type { Batch } from './source.js';

interface LeafAt extends Said {
  position: number;
  /** Written after the check began: its object may not have been listed yet. */
  late: boolean;
}

interface Shown<T> {
  object: T;
  verified: boolean;
}

/** What has not met its other half yet, as it is kept between two runs. */
export interface MatcherState {
  leaves: [string, LeafAt][];
  objects: [string, Shown<unknown>][];
  /** Keys that have met, where an object may have been given again. */
  met?: string[];
  signatures: number;
  /** Whence objects are read on; null when all were read, absent when none was. */
  mark?: string | null;
}

/** Brings leaves and objects of one kind together while both come in. */
export class Matcher<T> {
  readonly #join: Join<LeafAt, Shown<T>>;
  readonly #objects: AsyncIterator<Batch<T>>;
  #mark: string | null | undefined;
  /** Keys that have met, kept only where an object may have been given again: after a restore. */
  readonly #met: Set<string> | undefined;
  signatures: number;

  constructor(
    private readonly evidence: Evidence<T>,
    private readonly scene: Scene,
    before?: MatcherState,
  ) {
    this.#join = new Join(before?.leaves, before?.objects as [string, Shown<T>][] | undefined);
    this.#mark = before?.mark;
    this.signatures = before?.signatures ?? 0;
    this.#objects = evidence.objects(scene, this.#mark ?? undefined)[Symbol.asyncIterator]();
    if (evidence.isGivenAgain && scene.epochs.length > 1) this.#met = new Set(before?.met);
  }

  save(): MatcherState {
    const mark = this.#mark === undefined ? {} : { mark: this.#mark };
    const met = this.#met && { met: [...this.#met] };
    return { leaves: [...this.#join.left], objects: [...this.#join.right], signatures: this.signatures, ...met, ...mark };
  }

  async addLeaf(said: Said, position: number, late: boolean): Promise<void> {
    const key = this.evidence.leafKey(said);
    if (key === undefined) return;
    const shown = this.#join.addLeft(key, { ...said, position, late });
    if (shown !== undefined) this.#met?.add(key);
    if (shown !== undefined) await this.verify(shown, said.leaf);
    else await this.readObjects(); // objects are read at the pace of the leaves, so that neither piles up
  }

  /** Reads some more of the objects; false when there are no more. */
  async readObjects(): Promise<boolean> {
    if (this.#mark === null) return false;
    const batch = await this.#objects.next();
    if (!batch.done) for (const object of batch.value.items) await this.addObject(object);
    this.#mark = batch.done ? null : (batch.value.next ?? null);
    return this.#mark !== null;
  }

  /** Names what has not found its other half. */
  async finish(): Promise<void> {
    await this.forgetRepeated();
    for (const [key, { leaf, epoch, position, late }] of this.#join.left) {
      if (late) continue;
      if (this.evidence.unmet !== undefined) this.evidence.unmet(key, { leaf, epoch }, this.scene);
      else this.report(leaf.digest ?? key, position, `the node does not show the ${this.evidence.name} which this leaf names`);
    }
    for (const [key, shown] of this.#join.right) {
      await this.verify(shown, undefined);
      if (this.#met?.has(key)) continue;
      if (this.evidence.unnamed !== undefined) this.evidence.unnamed(key, shown.object, this.scene);
      else this.report(this.evidence.label(shown.object), null, 'no leaf of the log names it');
    }
  }

  /** Several leaves may name one object, which has met the first of them: the rare rest is looked up in a second reading. */
  private async forgetRepeated(): Promise<void> {
    if (![...this.#join.left.values()].some(({ late }) => !late)) return;
    const silent: Scene = { ...this.scene, report: () => undefined, feeds: new Map(), voided: new Set() };
    for await (const { items } of this.evidence.objects(silent)) {
      for (const object of items) {
        const keys = await reporting(silent.report, this.about(object), () => this.evidence.keys(object, silent));
        for (const key of [...(keys ?? []), ...(this.evidence.replaces?.(object) ?? [])]) this.#join.dropLeft(key);
      }
    }
  }

  private async addObject(object: T): Promise<void> {
    const shown: Shown<T> = { object, verified: false };
    const keys = await reporting(this.scene.report, this.about(object), () => this.evidence.keys(object, this.scene));
    if (keys?.length === 0) await this.verify(shown, undefined);
    for (const key of keys ?? []) {
      const found = this.#join.addRight(key, shown);
      if (found !== undefined) this.#met?.add(key);
      if (found !== undefined) await this.verify(shown, found.leaf, found.position);
    }
  }

  private async verify(shown: Shown<T>, leaf: Leaf | undefined, position: number | null = null): Promise<void> {
    if (shown.verified) return;
    shown.verified = true;
    this.signatures++;
    const provenBefore = leaf === undefined ? undefined : Math.floor(Date.parse(leaf.at) / 1000);
    const about = { ...this.about(shown.object), position };
    await reporting(this.scene.report, about, () => this.evidence.verify(shown.object, leaf, this.scene, provenBefore));
  }

  private about(object: T) {
    return { check: this.evidence.name, object: this.evidence.label(object), position: null };
  }

  private report(object: string, position: number | null, what: string): void {
    this.scene.report({ check: this.evidence.name, object, position, what });
  }
}
