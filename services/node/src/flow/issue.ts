/** The way of a statement out of this node: validated, decided per partner, sealed, stored, logged and queued. docs/architecture.md, the way of an alert. */
import { Permit } from '@entente/policy';
import { type IssuedStatement, issueStatement, type SealedRelease } from '@entente/seal';
import { checkIdentifiers, type Finding, type Kind, type StatementInput } from '@entente/statement';
import type { Act, Digest, DraftWrite, Store } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor, Answer, AwaitingBody, Idempotency, IssueActs, PostedBody, ReleaseOutcome } from '../agency/acts.js';
import { when } from '../agency/shapes.js';
import type { ContentKeys } from '../content-keys.js';
import type { Identity } from '../identity.js';
import type { Directory } from '../peers/directory.js';
import { address, commitRelease, idempotent, outcome, permitted, refusal, releaseRow, urgencyOf } from './addressed.js';
import type { Consents } from './consents.js';
import { type Decided, decideFor, type NamedReaders } from './decide.js';
import { assertInherits } from './derived.js';
import { sealDraft } from './draft.js';
import { assertAttached, attachmentUses } from './named-attachments.js';
import { previewOf } from './preview.js';
import { relay } from './relay.js';
import { releaseExisting } from './release-existing.js';
import { requestsOf } from './requests.js';
import { retentionOf } from './retention.js';
import { addresseesOf } from './reversal/holders.js';
import { saidOf } from './reversal/said.js';
import { type Alone, aloneIn } from './single-release/alone.js';
import { statementRow } from './statement-row.js';
import type { Step } from './step.js';
import { tokensOf } from './tokens.js';
import { uuidV7 } from './uuid.js';
import { kindNamed, validated } from './validated.js';

export interface IssueDeps {
  store: Store;
  identity: Identity;
  directory: Directory;
  content: ContentKeys;
  consents: Consents;
  /** The highest classification that this node may carry. */
  ceiling: string;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  step: Step;
}

interface Request {
  input: StatementInput;
  addressees: string[];
  readers?: NamedReaders[];
  by: Actor;
  idempotency?: Idempotency;
  answers?: { reversal: Digest; outcome: string; keptUntil?: number };
  refers?: { request: string; statement: Digest };
}

interface Sealing extends Request {
  author: string;
  releaser: string;
  draft?: DraftWrite;
  alone?: Alone;
}

export function createIssue(deps: IssueDeps): IssueActs {
  async function post({ ends, ...asked }: Parameters<IssueActs['post']>[0]): Promise<Answer<PostedBody | AwaitingBody>> {
    const addressees = await addresseesOf(deps, kindNamed(asked.input.kind), asked.input, asked.addressees);
    const request = { ...asked, addressees };
    const { input, readers = [] } = request;
    const { kind, warnings } = validated(deps.identity.id, deps.directory, input, addressees);
    await assertInherits(deps, input);
    await assertAttached(deps, input.body);
    const decided = await decideFor(deps, kind, input, addressees, { readers });
    const permits = permitted(decided);
    if (!ends && permits.some((permit) => permit.release === 'second_officer')) return await hold(request, kind, decided, warnings);
    const { pseudonym } = request.by;
    const one = { ...request, author: pseudonym, releaser: pseudonym, ...(ends && { alone: { ends } }) };
    return await seal(one, kind, permits, decided, warnings);
  }

  async function release(request: Parameters<IssueActs['release']>[0]): Promise<Answer<PostedBody>> {
    const { draft, by, reason, checklist, idempotency, confirmBy } = request;
    const addressees = await addresseesOf(deps, kindNamed(draft.kind), draft.input, draft.addressees);
    const { kind, warnings } = validated(deps.identity.id, deps.directory, draft.input, addressees);
    await assertInherits(deps, draft.input);
    await assertAttached(deps, draft.input.body);
    const decided = await decideFor(deps, kind, draft.input, addressees, { readers: draft.readers });
    const write: DraftWrite = {
      id: draft.id,
      expectVersion: draft.version,
      state: 'released',
      kind: draft.kind,
      author: draft.author,
      unit: draft.unit,
      addressees,
      open: 0,
      decidedBy: by.pseudonym,
      reason,
      checklist,
      ...(draft.source === undefined ? {} : { source: draft.source }),
    };
    const who = { input: draft.input, addressees, by, author: draft.author, releaser: by.pseudonym, draft: write };
    const how = { ...(idempotency && { idempotency }), ...(confirmBy !== undefined && { alone: { confirmBy } }) };
    return await seal({ ...who, ...how }, kind, permitted(decided), decided, warnings);
  }

  /** Nothing is signed: the statement waits, encrypted, for the second officer. */
  async function hold(request: Request, kind: Kind, decided: Decided[], warnings: Finding[]): Promise<Answer<AwaitingBody>> {
    const id = uuidV7(Date.now(), deps.random);
    const answer: Answer<AwaitingBody> = {
      status: 202,
      body: { draft: id, releases: decided.map(waiting), warnings, checks: checkIdentifiers(kind, request.input.body) },
    };
    const { replayed } = await deps.store.commit({
      ...idempotent(request.idempotency, request.by, answer),
      drafts: [
        {
          id,
          expectVersion: 0,
          state: 'submitted',
          kind: kind.name,
          author: request.by.pseudonym,
          unit: request.by.unit,
          addressees: request.addressees,
          sealed: sealDraft(deps.content, id, request.input, request.readers),
          open: 0,
        },
      ],
      ...(request.refers && { subjectFindings: [{ ...request.refers, draft: id, referredBy: request.by.pseudonym }] }),
      access: [accessEntry(request.by, 'COLLECT', { object: id })],
    });
    return replayed ? { ...(replayed as Answer<AwaitingBody>), replayed: true } : answer;
  }

  async function seal(
    request: Sealing,
    kind: Kind,
    permits: Permit[],
    decided: Decided[],
    warnings: Finding[],
  ): Promise<Answer<PostedBody>> {
    await deps.step('issue.decided');
    const issued = await sign(request.input, kind);
    await deps.step('issue.signed');
    const releases = await Promise.all(permits.map((permit) => address(deps, permit, issued)));
    await deps.step('issue.released');
    const answer: Answer<PostedBody> = {
      status: 201,
      body: {
        statement: issued.digest,
        jti: issued.claims.jti,
        releases: decided.map(outcome),
        warnings,
        checks: checkIdentifiers(kind, request.input.body),
        ...(request.alone && 'confirmBy' in request.alone && { confirm_by: when(request.alone.confirmBy) }),
      },
    };
    const act = actOf(deps, request, kind, issued, permits, releases, answer);
    const { replayed } = await commitRelease(deps.store, permits, act);
    await deps.step('issue.stored');
    return replayed ? { ...(replayed as Answer<PostedBody>), replayed: true } : answer;
  }

  function sign(input: StatementInput, kind: Kind): Promise<IssuedStatement> {
    const jti = `urn:uuid:${uuidV7(Date.now(), deps.random)}`;
    return issueStatement({
      input,
      kind,
      iss: deps.identity.id,
      iat: deps.now(),
      jti,
      signer: deps.identity.signer('statement'),
      random: deps.random,
    });
  }

  return {
    preview: (request) => previewOf(deps, request),
    post,
    release,
    releaseExisting: (request) => releaseExisting(deps, request),
    relay: (request) => relay(deps, request),
  };
}

const waiting = ({ addressee, decision }: Decided): ReleaseOutcome =>
  decision instanceof Permit ? { addressee, state: 'awaiting_second_officer' } : refusal(addressee, decision);

function actOf(
  deps: IssueDeps,
  request: Sealing,
  kind: Kind,
  issued: IssuedStatement,
  permits: Permit[],
  releases: SealedRelease[],
  answer: Answer<PostedBody>,
): Act {
  const { claims, digest } = issued;
  const urgency = urgencyOf(kind, request.input);
  const texts = issued.disclosures.map((d) => d.text);
  const said = { ...claims, digest, kind, rel: request.input.rel ?? [], body: request.input.body };
  const alone = aloneIn(request.alone, { digest, kind: claims.kind }, request.by, deps.identity.id);
  return {
    ...idempotent(request.idempotency, request.by, answer),
    statements: [
      {
        ...statementRow(issued, true),
        author: request.author,
        releaser: request.releaser,
        secondOfficer: permits.some((permit) => permit.release === 'second_officer'),
        ...alone.under,
        ...(request.draft && { releaseAct: releaseActOf(deps.random, request.draft, request.alone) }),
        urgency: String(urgency),
        checks: answer.body.checks,
      },
    ],
    contents: [
      {
        ref: digest,
        statement: digest,
        sealed: deps.content.seal(texts, digest),
        tokens: tokensOf(deps.content, kind, request.input.body, request.input.rel ?? []),
        ...retentionOf(claims.handling, claims.iat),
      },
    ],
    attachmentUses: attachmentUses(deps.content, digest, request.input.body),
    releases: permits.map((permit, i) =>
      releaseRow(permit, releases[i]!, {
        digest,
        kind: claims.kind,
        iat: claims.iat,
        urgency,
        by: request.releaser,
        author: request.author,
        ...alone.under,
      }),
    ),
    ...(request.draft ? { drafts: [{ ...request.draft, ...alone.under, statement: digest }] } : {}),
    ...saidOf(said, { own: true }),
    ...requestsOf(
      said,
      permits.map(({ to }) => to),
      true,
    ),
    ...(request.answers && { answers: [{ ...request.answers, statement: digest, kind: kind.name }] }),
    ...(request.refers && { subjectFindings: [{ ...request.refers, referral: digest, referredBy: request.by.pseudonym }] }),
    ...alone.act,
    access: [accessEntry(request.by, 'DISCLOSE', { object: digest, recipients: permits.map((p) => p.to), ...alone.code }), ...alone.access],
  };
}

/** What the releaser has confirmed and why, with random bits: its digest is in the log, and nobody can guess at it from there. */
function releaseActOf(random: IssueDeps['random'], { author, decidedBy: releaser, checklist, reason }: DraftWrite, alone?: Alone): string {
  const single = alone && 'confirmBy' in alone ? { single_release: true, confirm_by: when(alone.confirmBy) } : {};
  return JSON.stringify({ author, checklist, n: Buffer.from(random(16)).toString('base64url'), reason, releaser, ...single });
}
