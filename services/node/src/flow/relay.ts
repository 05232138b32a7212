/** Passing on what another agency has signed: with its consent, with as little as our officer leaves, under its own signature. */
import { decideRelay, Refusal, type RelayPermit } from '@entente/policy';
import { consentFor, type OpenedStatement, sealRelay } from '@entente/seal';
import type { Digest, NewRelease, StatementRecord } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor, Answer, RelayRequest, ReleasedBody } from '../agency/acts.js';
import { Problem } from '../problem.js';
import { commitRelease, idempotent, outcome, permitted, releaseJti, releaseRow, urgencyOf } from './addressed.js';
import { agencyTypeOf, type Decided, questionFor } from './decide.js';
import { allDisclosures, livingReleases } from './disclosures.js';
import type { IssueDeps } from './issue.js';
import { type Reopened, reopened } from './reopened.js';
import { usableTexts } from './reversal/rest.js';

interface Relayed extends Decided {
  /** The consent that the permit rests on. */
  opened?: OpenedStatement;
}

/** A permit with what it rests on. */
interface Ticket {
  permit: RelayPermit;
  consent: OpenedStatement;
  /** Pseudonym of who asked for the consent, where the request is of this node. */
  askedBy?: string;
}

export async function relay(deps: IssueDeps, request: RelayRequest): Promise<Answer<ReleasedBody>> {
  const record = await foreign(deps, request.statement);
  const whole = await reopened(
    deps.directory,
    record,
    await usableTexts(deps.store, record, await textsToPassOn(deps, record), deps.directory.findKey),
  );
  const decided = await decideEach(deps, record, whole, request);
  const permits = permitted(decided) as RelayPermit[];
  const tickets = await Promise.all(permits.map((permit) => ticketFor(deps, decided, permit)));
  assertSecondOfficer(tickets, request.by);
  const releases = await Promise.all(tickets.map((ticket) => addressed(deps, { record, whole, by: request.by }, ticket)));
  const answer = { status: 201, body: { statement: record.digest, releases: decided.map(outcome) } };
  const { replayed } = await commitRelease(deps.store, permits, {
    ...idempotent(request.idempotency, request.by, answer),
    releases,
    access: [accessEntry(request.by, 'DISCLOSE', { object: record.digest, recipients: permits.map((p) => p.to) })],
  });
  return (replayed as Answer<ReleasedBody> | undefined) ?? answer;
}

async function foreign(deps: IssueDeps, digest: Digest): Promise<StatementRecord> {
  const record = await deps.store.statement(digest);
  if (!record) throw new Problem('not_found', 'this node holds no such statement');
  if (record.own) throw new Problem('not_releasable', 'this is a statement of this agency: release it, nobody needs to consent');
  return record;
}

/** A release that forbids it gives nothing to pass on; one that allows it gives only its own parts. */
async function textsToPassOn(deps: IssueDeps, { digest }: StatementRecord): Promise<string[]> {
  const allowing = (await livingReleases(deps, digest)).filter(({ onward }) => onward !== 'none');
  return [...new Set((await Promise.all(allowing.map((release) => allDisclosures(deps, release.digest)))).flat())];
}

async function decideEach(deps: IssueDeps, record: StatementRecord, { kind, input }: Reopened, request: RelayRequest): Promise<Relayed[]> {
  const question = await questionFor(deps, kind, input);
  return Promise.all(
    request.addressees.map(async (addressee) => {
      const found = await deps.consents.find(record, addressee);
      if (found instanceof Refusal) return { addressee, decision: found };
      const asked = {
        ...question(addressee),
        originator: record.iss,
        agency_type: agencyTypeOf(deps, record.iss),
        issued_at: record.iat,
        release_act: true,
        held_back: request.heldBack,
      };
      return { addressee, decision: decideRelay(asked, found.consent), opened: found.opened };
    }),
  );
}

async function ticketFor({ store }: IssueDeps, decided: Relayed[], permit: RelayPermit): Promise<Ticket> {
  const consent = decided.find(({ decision }) => decision === permit)!.opened!;
  const request = consent.rel.find(({ type }) => type === 'replies_to');
  const askedBy = request && (await store.statement(request.of))?.author;
  return { permit, consent, ...(askedBy !== undefined && { askedBy }) };
}

/** Whoever asked for the consent is to a relay what its author is to a statement: he does not alone decide what is made of it. */
function assertSecondOfficer(tickets: Ticket[], by: Actor): void {
  for (const { permit, askedBy } of tickets.filter((ticket) => ticket.permit.release === 'second_officer')) {
    if (askedBy === undefined)
      throw new Problem(
        'not_releasable',
        `nobody here has asked for the consent to pass this on to ${permit.to}, and it needs two officers`,
      );
    if (askedBy === by.pseudonym) throw new Problem('same_person', 'a second officer must pass this on, not the one who asked for consent');
  }
}

async function addressed(
  deps: IssueDeps,
  { record, whole, by }: { record: StatementRecord; whole: Reopened; by: Actor },
  { permit, consent, askedBy }: Ticket,
): Promise<NewRelease> {
  const issuer = deps.directory.peer(record.iss)?.configuration;
  if (issuer === undefined) throw new Problem('not_releasable', 'the originator of this is no partner of this node any more');
  const iat = deps.now();
  const sealed = await sealRelay(
    permit,
    {
      iss: deps.identity.id,
      iat,
      jti: releaseJti(deps.random),
      statement: { jwt: record.jwt, digest: record.digest },
      disclosures: whole.disclosures,
      consent: consentFor(consent, permit.to),
      issuer,
    },
    deps.identity.signer('release'),
  );
  const urgency = urgencyOf(whole.kind, whole.input);
  const author = askedBy === undefined ? {} : { author: askedBy };
  return releaseRow(permit, sealed, { digest: record.digest, kind: record.kind, iat, urgency, by: by.pseudonym, ...author });
}
