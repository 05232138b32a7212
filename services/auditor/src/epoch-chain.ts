import { createHash } from 'node:crypto';
import { emptyRoot, type Leaf } from '@entente/ledger';
import type { Finding, Report } from './finding.js';
import type { EpochItem } from './source.js';

/** What is known of the epochs before, as it is kept between two runs. */
export interface ChainState {
  /** Text of the checkpoint that the exchange log of the last epoch would have at its end. */
  ended?: string;
  /** By epoch: root of its access log at its end, base64url, as the next exchange log says. */
  accessEnds: Record<number, string>;
}

/** The first two leaves of every epoch but the first say how the logs of the one before ended: nothing can be added to it, changed or taken away later. */
export class EpochChain {
  readonly #accessEnds: Record<number, string>;
  #ended: string | undefined;

  constructor(
    private readonly epochs: readonly EpochItem[],
    private readonly report: Report,
    before?: ChainState,
  ) {
    this.#ended = before?.ended;
    this.#accessEnds = before?.accessEnds ?? {};
  }

  save(): ChainState {
    return { ...(this.#ended === undefined ? {} : { ended: this.#ended }), accessEnds: this.#accessEnds };
  }

  addLeaf({ op, digest, ref }: Leaf, position: number, epoch: number): void {
    if (position === 0) this.begin(op === 'epoch' ? { reason: digest, ended: ref } : undefined, epoch);
    const before = this.before(epoch);
    if (position === 1 && before !== undefined && op === 'access_root' && digest !== undefined) this.#accessEnds[before.epoch] = digest;
  }

  private begin(said: { reason: string | undefined; ended: string | undefined } | undefined, epoch: number): void {
    const before = this.before(epoch);
    const { reason } = this.epochs.find((one) => one.epoch === epoch)!;
    if (said === undefined && before !== undefined) this.tell(epoch, 'its first entry does not say how the epoch before ended');
    if (said !== undefined && before === undefined) this.tell(epoch, 'it follows an epoch that the node does not show');
    if (said === undefined || before === undefined) return;
    if (said.ended !== sha256(this.#ended ?? ''))
      this.tell(before.epoch, `the log did not end as the node shows it today: epoch ${epoch} says otherwise`);
    if (said.reason !== sha256(reason)) this.tell(epoch, 'it was opened for another reason than the node says today');
  }

  /** The exchange log of an epoch was read to its end. */
  end(text: string): void {
    this.#ended = text;
  }

  /** The access log of an epoch was read to its end. */
  endAccess(epoch: number, root: string): void {
    const said = this.#accessEnds[epoch];
    const shown = Buffer.from(root === '' ? emptyRoot : Buffer.from(root, 'base64')).toString('base64url');
    if (said !== undefined && said !== shown) this.tell(epoch, 'the access log did not end as the node shows it today', 'access');
  }

  private before(epoch: number): EpochItem | undefined {
    return this.epochs.findLast((one) => one.epoch < epoch);
  }

  private tell(epoch: number, what: string, log = 'exchange'): void {
    const finding: Finding = { check: 'epoch', object: `${log} ${epoch}`, position: null, what };
    this.report(finding);
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
