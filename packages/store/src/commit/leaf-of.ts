import type { Leaf } from '@entente/ledger';
import { type Digest, digestOf } from '@entente/seal';
import type {
  AccessRootWrite,
  AgreementWrite,
  NewAgreementAct,
  NewCompliance,
  NewDenunciationAnswer,
  NewReceived,
  NewRelease,
  NewReversal,
  NewStatement,
  NewVoid,
  OwnKeyWrite,
  ReceiptHeld,
  Verdict,
} from '../act.js';

/** A leaf without what every leaf has: version, randomness, time. */
export type LeafMembers = Omit<Leaf, 'v' | 'n' | 'at'>;

const opOf = { held: 'received', quarantined: 'quarantined', refused: 'refused' } as const satisfies Record<Verdict, Leaf['op']>;

const kindAndRef = (kind: string | null, ref: Digest | null) => ({ ...(kind !== null && { kind }), ...(ref !== null && { ref }) });

/** Which leaf of the exchange log each act writes (docs/protocol.md section 9). */
export const leafOf = {
  /** Of what a second officer released it also names his act. */
  issued: ({ kind, digest, releaseAct }: NewStatement) => ({
    op: 'issued',
    kind,
    digest,
    ...(releaseAct !== undefined && { ref: digestOf(releaseAct) }),
  }),
  released: ({ to, kind, digest, statement }: NewRelease, position: number) => ({
    op: 'released',
    peer: to,
    kind,
    digest,
    ref: statement,
    position,
  }),
  received: ({ from, kind, digest, statement, verdict }: NewReceived) => ({
    op: opOf[verdict],
    peer: from,
    digest,
    ...kindAndRef(kind, statement),
  }),
  receiptHeld: ({ from, digest }: ReceiptHeld, release: Digest) => ({ op: 'receipt_held', peer: from, digest, ref: release }),
  voided: ({ to, digest, position }: NewVoid) => ({ op: 'voided', peer: to, digest, position }),
  /** The recall, and what it recalls. */
  recalled: ({ kind, statement, target }: NewReversal) => ({ op: 'recalled', kind, digest: statement, ref: target }),
  /** The answer, and what it answers; the peer where it is one of theirs. */
  complied: ({ kind, statement, reversal }: Pick<NewCompliance, 'kind' | 'statement' | 'reversal'>, peer: string | undefined) => ({
    op: 'complied',
    kind,
    digest: statement,
    ref: reversal,
    ...(peer !== undefined && { peer }),
  }),
  erased: (statement: Digest, ref: Digest) => ({ op: 'erased', digest: statement, ref }),
  peer: (id: string, configuration: Digest) => ({ op: 'peer', peer: id, digest: configuration }),
  agreement: ({ digest }: AgreementWrite) => ({ op: 'agreement', digest }),
  agreementAct: ({ digest, agreement }: NewAgreementAct) => ({ op: 'agreement', digest, ref: agreement }),
  denunciationAnswer: ({ digest, denunciation }: NewDenunciationAnswer) => ({ op: 'agreement', digest, ref: denunciation }),
  /** The kid is the key's thumbprint, itself a SHA-256. */
  key: ({ kid }: OwnKeyWrite) => ({ op: 'key', digest: kid }),
  /** The first of an epoch: the SHA-256 of the reason's text, and of the text of a checkpoint over all of the log before. */
  epoch: (reason: Digest, ended: Digest) => ({ op: 'epoch', digest: reason, ref: ended }),
  /** Without the size: peers see this leaf. */
  accessRoot: ({ root }: Pick<AccessRootWrite, 'root'>) => ({ op: 'access_root', digest: Buffer.from(root).toString('base64url') }),
  pad: () => ({ op: 'pad' }),
} as const satisfies Record<string, (...args: never[]) => LeafMembers>;
