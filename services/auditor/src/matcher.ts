import type { Leaf } from '@entente/ledger';
import type { Evidence, Scene } from './evidence/evidence.js';
import { reporting } from './finding.js';
import { Join } from './join.js';

interface LeafAt {
  leaf: Leaf;
  position: number;
  /** Written after the check began: its object may not have been listed yet. */
  late: boolean;
}

interface Shown<T> {
  object: T;
  verified: boolean;
}

/** Brings leaves and objects of one kind together while both come in. */
export class Matcher<T> {
  readonly #join = new Join<LeafAt, Shown<T>>();
  readonly #objects: AsyncIterator<T>;
  #ended = false;
  /** Keys that have met, kept only where an object may have been given again: after a restore. */
  readonly #met: Set<string> | undefined;
  signatures = 0;

  constructor(
    private readonly evidence: Evidence<T>,
    private readonly scene: Scene,
  ) {
    this.#objects = evidence.objects(scene)[Symbol.asyncIterator]();
    if (evidence.isGivenAgain && scene.identity.pastEpochs.length > 0) this.#met = new Set();
  }

  async addPastLeaf(leaf: Leaf, position: number): Promise<void> {
    if (!this.evidence.isPast?.(leaf)) await this.addLeaf(leaf, position, false);
  }

  async addLeaf(leaf: Leaf, position: number, late: boolean): Promise<void> {
    const key = this.evidence.leafKey(leaf);
    if (key === undefined) return;
    const shown = this.#join.addLeft(key, { leaf, position, late });
    if (shown !== undefined) this.#met?.add(key);
    if (shown !== undefined) await this.verify(shown, leaf);
    else await this.readObject(); // objects are read at the pace of the leaves, so that neither piles up
  }

  /** Reads what is left of the objects. */
  async drain(): Promise<void> {
    while (!this.#ended) await this.readObject();
  }

  /** Names what has not found its other half. */
  async finish(): Promise<void> {
    await this.forgetRepeated();
    for (const [key, { leaf, position, late }] of this.#join.left) {
      if (late) continue;
      if (this.evidence.unmet !== undefined) this.evidence.unmet(key, leaf, this.scene);
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
    for await (const object of this.evidence.objects(silent)) {
      const keys = await reporting(silent.report, this.about(object), () => this.evidence.keys(object, silent));
      for (const key of [...(keys ?? []), ...(this.evidence.replaces?.(object) ?? [])]) this.#join.dropLeft(key);
    }
  }

  private async readObject(): Promise<void> {
    if (this.#ended) return;
    const next = await this.#objects.next();
    this.#ended = next.done === true;
    if (!next.done) await this.addObject(next.value);
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
