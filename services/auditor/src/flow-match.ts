import type { Leaf } from '@entente/ledger';
import { arrivals } from './evidence/release.js';

/** How a release stands between the two logs. Only `missing` and `altered` are wrong. */
export type Standing = 'in_flight' | 'quarantined' | 'refused' | 'voided' | 'missing' | 'altered';

export interface Difference {
  standing: Standing;
  /** Digest of the release. */
  release: string;
  /** Digest of the statement, where a log names it. */
  statement: string | null;
  /** In the feed, where the sender's log has it. */
  position: number | null;
  what: string;
}

export interface Direction extends Record<Standing, number> {
  from: string;
  to: string;
  released: number;
  held: number;
  differences: Difference[];
}

interface Sent {
  leaf: Leaf;
  late: boolean;
  acknowledged: boolean;
  voided: boolean;
}

interface Arrived {
  leaf: Leaf;
  late: boolean;
}

/** Matches the leaves of a sender with those of a recipient, by the digest of the release. What has met its other half is forgotten. */
export class FlowMatch {
  readonly #sent = new Map<string, Sent>();
  readonly #arrived = new Map<string, Arrived>();
  /** Matched, and the recipient may still decide otherwise. */
  readonly #quarantined = new Map<string, Sent>();
  readonly #differences: Difference[] = [];
  #released = 0;
  #held = 0;

  constructor(
    readonly from: string,
    readonly to: string,
  ) {}

  /** A leaf of the sender about the recipient. `late`: written after the recipient's log was closed for this comparison. */
  addSent(leaf: Leaf, late: boolean): void {
    const { op, digest = '', ref = '' } = leaf;
    if (op === 'released') {
      const sent = { leaf, late, acknowledged: false, voided: false };
      const arrived = this.#arrived.get(digest);
      this.#arrived.delete(digest);
      if (arrived === undefined) this.#sent.set(digest, sent);
      else this.pair(sent, arrived.leaf);
    }
    const answered = this.#sent.get(ref || digest);
    if (op === 'receipt_held' && answered !== undefined && !late) answered.acknowledged = true;
    if (op === 'voided' && answered !== undefined) answered.voided = true;
  }

  /** A leaf of the recipient about the sender. `late`: written when the sender's log may not have been read so far. */
  addArrived(leaf: Leaf, late: boolean): void {
    if (!arrivals.has(leaf.op)) return;
    const digest = leaf.digest ?? '';
    const sent = this.#sent.get(digest) ?? this.#quarantined.get(digest);
    if (sent === undefined) this.#arrived.set(digest, { leaf, late });
    else this.pair(sent, leaf);
  }

  finish(): Direction {
    for (const sent of this.#quarantined.values()) this.differ('quarantined', sent.leaf, 'the recipient holds it in quarantine');
    const arrivedOf = new Map([...this.#arrived.values()].map((arrived) => [arrived.leaf.ref, arrived.leaf]));
    for (const sent of this.#sent.values()) if (!sent.late) this.explain(sent, arrivedOf.get(sent.leaf.ref));
    for (const { leaf, late } of this.#arrived.values()) {
      if (!late) this.differ('missing', leaf, "the recipient's log has it, the sender's has not");
    }
    const count = (standing: Standing) => this.#differences.filter((difference) => difference.standing === standing).length;
    return {
      from: this.from,
      to: this.to,
      released: this.#released + this.#quarantined.size,
      held: this.#held,
      in_flight: count('in_flight'),
      quarantined: count('quarantined'),
      refused: count('refused'),
      voided: count('voided'),
      missing: count('missing'),
      altered: count('altered'),
      differences: this.#differences,
    };
  }

  private pair(sent: Sent, arrived: Leaf): void {
    const digest = arrived.digest ?? '';
    this.#sent.delete(digest);
    this.#quarantined.delete(digest);
    if (arrived.op === 'quarantined') {
      this.#quarantined.set(digest, sent);
      return;
    }
    this.#released++;
    const same = (member: 'kind' | 'ref') => arrived[member] === undefined || arrived[member] === sent.leaf[member];
    if (!same('kind') || !same('ref')) this.differ('altered', sent.leaf, 'the two logs name another kind or statement for it');
    else if (arrived.op === 'refused') this.differ('refused', sent.leaf, 'the recipient refused it');
    else this.#held++;
  }

  /** A release which the recipient's log does not have. */
  private explain(sent: Sent, twin: Leaf | undefined): void {
    this.#released++;
    if (sent.voided) this.differ('voided', sent.leaf, 'it was voided before it arrived');
    else if (twin?.digest !== undefined && this.#arrived.delete(twin.digest)) {
      this.differ('altered', sent.leaf, `the recipient's log has ${twin.digest} for the same statement`);
    } else if (sent.acknowledged) this.differ('missing', sent.leaf, "the sender holds a receipt, and the recipient's log has not got it");
    else this.differ('in_flight', sent.leaf, 'not answered yet');
  }

  private differ(standing: Standing, leaf: Leaf, what: string): void {
    this.#differences.push({ standing, release: leaf.digest ?? '', statement: leaf.ref ?? null, position: leaf.position ?? null, what });
  }
}
