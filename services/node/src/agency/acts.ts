/**
 * What the routes ask the node to do. Each group of routes takes the few of these interfaces that it needs; the flows implement them.
 * An act that cannot be done throws a `Problem` and has changed nothing. An act writes its own access-log entry (`accessEntry` of
 * access.ts) in the transaction in which it happens.
 */
import type { AgreementStep } from '@entente/policy';
import type { Digest } from '@entente/seal';
import type { DataClass, Finding, IdentifierCheck, StatementInput } from '@entente/statement';
import type { CheckpointRecord, DraftState, LogName } from '@entente/store';
import type { Role } from '../auth/roles.js';
import type { NamedReaders } from '../flow/decide.js';
import type { SingleReleaseEnd } from '../flow/single-release/alone.js';

/** The person or machine behind a request, as the token says, and the role that permitted this act. */
export interface Actor {
  /** Pseudonym; the agency's own directory knows the name. */
  pseudonym: string;
  /** `NODE`: nobody asked, the node does it by itself. */
  role: Role | 'NODE';
  unit: string;
  requestId: string;
  /** Headers entente-purpose and entente-justification; there on every read of content and on every act upon it. */
  purpose?: string;
  justification?: string;
}

/** Header Idempotency-Key with the SHA-256 of method, path, actor and body: hand both to `Act.idempotency` of the store. */
export interface Idempotency {
  key: string;
  requestHash: Uint8Array;
}

/** What an act answers: status and JSON body as the route sends them, so that a replayed answer is the same bytes. */
export interface Answer<Body> {
  status: number;
  body: Body;
  /** The answer that was given before under this idempotency key. */
  replayed?: true;
}

export interface ReleaseOutcome {
  /** Entity id. */
  addressee: string;
  state: 'released' | 'awaiting_second_officer' | 'refused';
  /** Why: the rule of the policy and its closed code, with the reason in words. */
  rule?: string;
  code?: string;
  reason?: string;
}

export interface PostedBody {
  statement: Digest;
  /** `urn:uuid:` name of the statement. */
  jti: string;
  releases: ReleaseOutcome[];
  /** Findings of level `warn`: they never block. */
  warnings: Finding[];
  checks: IdentifierCheck[];
  /** Of what one officer released alone: by when another confirms it, RFC 3339. */
  confirm_by?: string;
}

/** A statement that was issued before, released anew. */
export type ReleasedBody = Pick<PostedBody, 'statement' | 'releases'>;

/** Nothing was signed yet: the draft waits for a second officer. */
export interface AwaitingBody {
  draft: string;
  releases: ReleaseOutcome[];
  warnings: Finding[];
  checks: IdentifierCheck[];
}

export interface PreviewBody {
  addressee: string;
  permitted: boolean;
  /** Of the refusal; absent when permitted. */
  rule?: string;
  code?: string;
  reason?: string;
  release?: 'automatic' | 'second_officer';
  agreement?: { id: string; version: number; digest: Digest };
  terms?: { purposes: string[]; retain_until: string; onward: string; transfer_basis?: string; reply_by?: string; readers?: string[] };
  parts: PreviewPart[];
}

export interface PreviewPart {
  /** JSON pointer into the statement: `/body/goods/0/C1`. */
  pointer: string;
  data_class: DataClass;
  shown: boolean;
  rule: string;
  reason: string;
}

/** A statement of another agency, to be passed on. */
export interface RelayRequest {
  statement: Digest;
  addressees: string[];
  /** Pointers of parts that stay here. */
  heldBack: string[];
  by: Actor;
  idempotency?: Idempotency;
}

/** Implemented by flow/issue. */
export interface IssueActs {
  /** Policy only, nothing stored; one entry per addressee, or per active partner where none is named. Of what is incomplete the parts that it has are judged. */
  preview(request: { input: DraftInput; addressees: string[]; readers?: NamedReaders[] }): Promise<PreviewBody[]>;
  /** Validates, decides, seals, stores. 201, or 202 with a submitted draft where an agreement or a rule asks for a second officer. */
  post(request: {
    input: StatementInput;
    addressees: string[];
    readers?: NamedReaders[];
    reason?: string;
    by: Actor;
    idempotency?: Idempotency;
    /** The statement is this node's answer to a reversal. */
    answers?: { reversal: Digest; outcome: string; keptUntil?: number };
    /** The statement asks an originator about what was found for a person. */
    refers?: { request: string; statement: Digest };
    /** It recalls what one officer released alone and nobody has confirmed: no second one is asked. */
    ends?: SingleReleaseEnd;
  }): Promise<Answer<PostedBody | AwaitingBody>>;
  /** A release act for a statement issued before. 404 `not_found`, 422 `nothing_released`, `not_releasable`. */
  releaseExisting(request: {
    statement: Digest;
    addressees: string[];
    readers?: NamedReaders[];
    by: Actor;
    idempotency?: Idempotency;
  }): Promise<Answer<ReleasedBody>>;
  /** Passes on what another agency has signed, with its consent. 404 `not_found`, 422 `nothing_released`, `not_releasable`, 403 `same_person`. */
  relay(request: RelayRequest): Promise<Answer<ReleasedBody>>;
  /**
   * The second officer's act upon a submitted draft, or with `confirmBy` that of its author alone. The route has checked role, state, and
   * who the author is.
   */
  release(request: {
    draft: OpenDraft;
    checklist: Checklist;
    reason: string;
    by: Actor;
    idempotency?: Idempotency;
    /** Seconds since the epoch. */
    confirmBy?: number;
  }): Promise<Answer<PostedBody>>;
}

/** What the releaser confirms: every code of the list `release-checklist`; kept with the draft. */
export type Checklist = string[];

/** A draft with its content opened. `input` may still lack what `open` names. */
export interface OpenDraft {
  id: string;
  version: number;
  state: DraftState;
  kind: string;
  author: string;
  unit: string;
  addressees: string[];
  /** Who alone may read it, at which addressee. */
  readers: NamedReaders[];
  input: StatementInput;
  /** Id of the shipment that it came from. */
  source?: string;
  decidedBy?: string;
  reason?: string;
  statement?: Digest;
  createdAt: number;
  updatedAt: number;
}

/** Implemented by flow/draft: nothing in it signs. */
export interface DraftActs {
  create(request: {
    input: DraftInput;
    addressees: string[];
    readers?: NamedReaders[];
    source?: string;
    by: Actor;
    idempotency?: Idempotency;
  }): Promise<Answer<{ draft: string; version: number; findings: Finding[] }>>;
  /** What the kind's rules say of it, fields that are still open among them. */
  findings(input: DraftInput): Finding[];
  /** Undefined when unknown. */
  open(id: string): Promise<OpenDraft | undefined>;
  /** 412 `version_conflict` when `version` is not the current one. */
  replace(request: {
    id: string;
    version: number;
    input: DraftInput;
    addressees: string[];
    readers?: NamedReaders[];
    by: Actor;
  }): Promise<{ version: number; findings: Finding[] }>;
  discard(request: { id: string; version: number; by: Actor }): Promise<void>;
  submit(request: { id: string; version: number; addressees: string[]; by: Actor }): Promise<{ version: number }>;
  reject(request: { id: string; version: number; reason: string; by: Actor }): Promise<{ version: number }>;
}

/** A statement input of which only `kind` must be there. */
export type DraftInput = Partial<StatementInput> & { kind: string };

export interface DeclarationBody {
  outcome: 'new' | 'amended' | 'cancelled' | 'already_known';
  shipment?: string;
  /** The draft alert that was made of it. */
  draft?: string;
  /** Pointers of the fields that only an officer can decide. */
  open?: string[];
  /** Why there is no draft. */
  reasons: { reason: string }[];
}

/** Implemented by flow/declaration. */
export interface DeclarationActs {
  /** One declaration in the WCO data model. The same bytes again are recognised and change nothing. */
  read(request: { bytes: Uint8Array; by: Actor; idempotency?: Idempotency }): Promise<Answer<DeclarationBody>>;
}

/** Implemented by flow/receive. */
export interface ReceiveActs {
  /** Judges a quarantined release again, after a fix. The new verdict. */
  retryQuarantine(request: {
    release: Digest;
    by: Actor;
  }): Promise<{ verdict: 'held' | 'quarantined' | 'refused'; code?: string; reason?: string }>;
}

/** Implemented by flow/deliver. */
export interface DeliverActs {
  /** A refusal is final for its release: the statement is released anew, or a Problem says why it may not leave any more. */
  retryDeadLetter(request: { release: Digest; by: Actor }): Promise<ReleasedBody>;
  /** Seconds since the epoch at which the peer last asked us or answered us in this process, or undefined. */
  lastHeard(peer: string): number | undefined;
}

/** Implemented by peers/. All are administrator's acts; `id` is an entity id. */
export interface PeerActs {
  add(request: { configuration: string; thumbprint: string; by: Actor }): Promise<{ id: string }>;
  /** Exchange or not, and what the link may carry whatever was agreed. */
  change(request: { id: string; state?: 'active' | 'suspended'; ceiling?: string; transferBasis?: string; by: Actor }): Promise<void>;
  remove(request: { id: string; by: Actor }): Promise<void>;
}

/** Implemented by peers/agreement-acts. */
export interface AgreementActs {
  /** JWS General JSON; signatures that are held already stay. */
  add(request: { jws: string; by: Actor }): Promise<{ digest: Digest }>;
  /** The text, unsigned and for this node's own eyes. */
  draft(request: { agreement: Record<string, unknown>; by: Actor }): Promise<{ digest: Digest }>;
  /** With this node's federation key; the other parties are told. 409 `agreement_state` when it cannot be done now, with the reason in words. */
  take(request: { digest: Digest; step: AgreementStep; by: Actor }): Promise<void>;
}

export interface ReversalRequest {
  /** Of this node. */
  statement: Digest;
  /** Code of the list `recall-reason`. */
  reason: string;
  /** RFC 3339; by default what the list `deadline` says. */
  complyBy?: string;
  derivatives: boolean;
  explanation?: { text: string; data_class: string };
  /** A holder's question about a person, of which this is the consequence. */
  follows?: Digest;
  by: Actor;
  idempotency?: Idempotency;
}

/** Implemented by flow/reversal. Recall and correction wait for a second officer where the rules ask for one. */
export interface ReversalActs {
  /** `pointers`: fields of the statement; absent: the whole. 404, 403 `not_originator`, 422 `nothing_released`, `not_releasable`. */
  recall(request: ReversalRequest & { effect: string; pointers?: string[] }): Promise<Answer<PostedBody | AwaitingBody>>;
  correct(request: ReversalRequest & { changes: { field: string; value?: string }[] }): Promise<Answer<PostedBody | AwaitingBody>>;
  /** Destroys what a recall asks to destroy and the policy left to an officer. 404, 409 `conflict`, `on_hold`. */
  execute(request: { statement: Digest; by: Actor }): Promise<void>;
  /** Keeps it, out of use, under a provision of law until a date. 404, 409 `conflict`. */
  except(request: { statement: Digest; instrument: string; provision: string; keptUntil: string; by: Actor }): Promise<void>;
}

/** Implemented by flow/horizon. */
export interface HorizonActs {
  /** Wraps every living key anew and destroys the key over the old ones. From then on no copy of what was erased before can come back. */
  move(by: Actor): Promise<{ rewrapped: number; destroyed: string[] }>;
}

/** Implemented by flow/checkpoint. */
export interface CheckpointActs {
  /** Cuts a checkpoint now if anything but padding was added since the last; the latest signed note either way. */
  cut(log: LogName): Promise<CheckpointRecord | undefined>;
}

/** Who this node is, for routes that say so. Implemented by app.ts. */
export interface Self {
  id: string;
  /** The current entity configuration (JWT). */
  configuration(): string;
}
