/** A release act for a statement that was issued before: to a new addressee, or again to one that refused it. Decided anew; the statement's signature stays the same. */
import { type Disclosure, openStatement } from '@entente/seal';
import { type Kind, kindOf, layout, type StatementInput, unfold } from '@entente/statement';
import type { Digest, StatementRecord } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor, Answer, Idempotency, ReleasedBody } from '../agency/acts.js';
import { Problem } from '../problem.js';
import { address, commitRelease, idempotent, outcome, permitted, releaseRow } from './addressed.js';
import { decideFor } from './decide.js';
import { allDisclosures } from './disclosures.js';
import type { IssueDeps } from './issue.js';

export async function releaseExisting(
  deps: IssueDeps,
  request: { statement: Digest; addressees: string[]; by: Actor; idempotency?: Idempotency },
): Promise<Answer<ReleasedBody>> {
  const record = await deps.store.statement(request.statement);
  if (!record?.own) throw new Problem('not_found', 'this node has issued no such statement');
  const { kind, input, disclosures } = await reopened(deps, record);
  const decided = await decideFor(deps, kind, input, request.addressees, { issued_at: record.iat, release_act: true });
  const permits = permitted(decided);
  if (request.by.pseudonym === record.author && permits.some((permit) => permit.release === 'second_officer')) {
    throw new Problem('same_person', 'a second officer must release this, not its author');
  }
  const issued = { jwt: record.jwt, digest: record.digest, disclosures };
  const releases = await Promise.all(permits.map((permit) => address(deps, permit, issued)));
  const answer = { status: 201, body: { statement: record.digest, releases: decided.map(outcome) } };
  const by = request.by.pseudonym;
  const about = { digest: record.digest, kind: record.kind, iat: deps.now(), urgency: Number(record.urgency ?? 4), by };
  const { replayed } = await commitRelease(deps.store, permits, {
    ...idempotent(request.idempotency, request.by, answer),
    releases: permits.map((permit, i) => releaseRow(permit, releases[i]!, about)),
    access: [accessEntry(request.by, 'DISCLOSE', { object: record.digest, recipients: permits.map((p) => p.to) })],
  });
  return (replayed as Answer<ReleasedBody> | undefined) ?? answer;
}

/** What was handed in when the statement was issued, from the content that this node holds, with each part's class. */
async function reopened(
  deps: IssueDeps,
  record: StatementRecord,
): Promise<{ kind: Kind; input: StatementInput; disclosures: Disclosure[] }> {
  const texts = await allDisclosures(deps, record.digest);
  const kind = kindOf(record.kind, record.ver);
  if (texts.length === 0 || !kind) throw new Problem('not_releasable', 'the content of this statement is not here any more');
  const { claims, rel, body, disclosed } = await openStatement(record.jwt, texts, deps.directory.findKey);
  const { lang, exercise, handling, legal_basis } = claims;
  const times = { valid_from: rfc3339(claims.valid_from), valid_until: rfc3339(claims.valid_until) };
  const input = { kind: record.kind, lang, exercise, ...times, handling, legal_basis, rel, body: unfold(kind, body) } as StatementInput;
  const classes = new Map(layout(kind, input).parts.map((part) => [part.pointer, part.dataClass]));
  return { kind, input, disclosures: disclosed.map((d) => ({ ...d, dataClass: classes.get(d.pointer)! })) };
}

const rfc3339 = (seconds: number): string => new Date(seconds * 1000).toISOString();
