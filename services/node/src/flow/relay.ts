/** Passing on what another agency has signed: with its consent, with as little as our officer leaves, under its own signature. */
import { decideRelay, type Permit, Refusal, type RelayPermit } from '@entente/policy';
import { consentFor, type OpenedStatement, sealRelay } from '@entente/seal';
import type { Digest, NewRelease, StatementRecord } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor, Answer, RelayRequest, ReleasedBody } from '../agency/acts.js';
import { Problem } from '../problem.js';
import { commitRelease, idempotent, outcome, permitted, releaseJti, releaseRow, urgencyOf } from './addressed.js';
import { type Decided, questionFor } from './decide.js';
import { allDisclosures, livingReleases } from './disclosures.js';
import type { IssueDeps } from './issue.js';
import { type Reopened, reopened } from './reopened.js';
import { usableTexts } from './reversal/rest.js';

interface Relayed extends Decided {
  /** The consent that the permit rests on. */
  opened?: OpenedStatement;
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
  await assertSecondOfficer(deps, decided, permits, request.by);
  const releases = await Promise.all(
    permits.map((permit) => addressed(deps, { record, whole, by: request.by }, permit, openedFor(decided, permit))),
  );
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
        issued_at: record.iat,
        release_act: true,
        held_back: request.heldBack,
      };
      return { addressee, decision: decideRelay(asked, found.consent), opened: found.opened };
    }),
  );
}

const openedFor = (decided: Relayed[], permit: Permit): OpenedStatement => decided.find(({ decision }) => decision === permit)!.opened!;

/** Who asked for the consent does not alone decide what is made of it. */
async function assertSecondOfficer(deps: IssueDeps, decided: Relayed[], permits: RelayPermit[], by: Actor): Promise<void> {
  for (const permit of permits.filter(({ release }) => release === 'second_officer')) {
    const request = openedFor(decided, permit).rel.find(({ type }) => type === 'replies_to');
    const asked = request && (await deps.store.statement(request.of));
    if (asked?.author === by.pseudonym)
      throw new Problem('same_person', 'a second officer must pass this on, not the one who asked for consent');
  }
}

async function addressed(
  deps: IssueDeps,
  { record, whole, by }: { record: StatementRecord; whole: Reopened; by: Actor },
  permit: RelayPermit,
  consent: OpenedStatement,
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
  const about = { digest: record.digest, kind: record.kind, iat, urgency: urgencyOf(whole.kind, whole.input), by: by.pseudonym };
  return releaseRow(permit, sealed, about);
}
