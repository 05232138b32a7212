/** A release act for a statement that was issued before: to a new addressee, or again to one that refused it. Decided anew; the statement's signature stays the same. */
import type { Digest } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor, Answer, Idempotency, ReleasedBody } from '../agency/acts.js';
import { Problem } from '../problem.js';
import { address, commitRelease, idempotent, outcome, permitted, releaseRow } from './addressed.js';
import { decideFor, type NamedReaders } from './decide.js';
import { allDisclosures } from './disclosures.js';
import type { IssueDeps } from './issue.js';
import { reopened } from './reopened.js';
import { usableTexts } from './reversal/rest.js';

export async function releaseExisting(
  deps: IssueDeps,
  request: { statement: Digest; addressees: string[]; readers?: NamedReaders[]; by: Actor; idempotency?: Idempotency },
): Promise<Answer<ReleasedBody>> {
  const record = await deps.store.statement(request.statement);
  if (!record?.own) throw new Problem('not_found', 'this node has issued no such statement');
  const texts = await usableTexts(deps.store, record, await allDisclosures(deps, record.digest), deps.directory.findKey);
  const { kind, input, disclosures } = await reopened(deps.directory, record, texts);
  const act = { issued_at: record.iat, release_act: true, readers: request.readers ?? [] };
  const decided = await decideFor(deps, kind, input, request.addressees, act);
  const permits = permitted(decided);
  if (request.by.pseudonym === record.author && permits.some((permit) => permit.release === 'second_officer')) {
    throw new Problem('same_person', 'a second officer must release this, not its author');
  }
  const issued = { jwt: record.jwt, digest: record.digest, disclosures };
  const releases = await Promise.all(permits.map((permit) => address(deps, permit, issued)));
  const answer = { status: 201, body: { statement: record.digest, releases: decided.map(outcome) } };
  const by = request.by.pseudonym;
  const about = {
    digest: record.digest,
    kind: record.kind,
    iat: deps.now(),
    urgency: Number(record.urgency ?? 4),
    by,
    author: record.author ?? by,
  };
  const { replayed } = await commitRelease(deps.store, permits, {
    ...idempotent(request.idempotency, request.by, answer),
    releases: permits.map((permit, i) => releaseRow(permit, releases[i]!, about)),
    access: [accessEntry(request.by, 'DISCLOSE', { object: record.digest, recipients: permits.map((p) => p.to) })],
  });
  return (replayed as Answer<ReleasedBody> | undefined) ?? answer;
}
