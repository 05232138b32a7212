/** What was found for a person, with what its originator says of it: computed from what is signed, never kept. */
import { type Consultation, type SubjectFinding, type Telling, tellingOf } from '@entente/policy';
import type { Handling } from '@entente/statement';
import type { Digest, ReversalRecord, StatementRecord, Store, SubjectFindingRecord, SubjectRequestRecord } from '@entente/store';
import { consentStateOf, type Decision, decisionOn } from '../../agency/onward-state.js';
import type { Consents } from '../consents.js';

export interface Measure extends Pick<ReversalRecord, 'type' | 'at'> {
  by: Digest;
  /** Its originator names the question of this node as what it follows from. */
  inAnswer: boolean;
}

export interface Found extends Omit<SubjectFinding, 'measures'> {
  record: StatementRecord;
  telling: Telling;
  measures: Measure[];
  draft?: string;
  referral?: Digest;
  decision?: Decision;
  unreachable?: string;
}

export interface FindingDeps {
  store: Pick<Store, 'subjectFindings' | 'statement' | 'reversalsOf'>;
  consents: Pick<Consents, 'decisionsOn' | 'withdrawn' | 'open'>;
  now: () => number;
}

export async function foundFor(deps: FindingDeps, request: Pick<SubjectRequestRecord, 'id' | 'receivedAt'>): Promise<Found[]> {
  const findings = await deps.store.subjectFindings(request.id);
  return await Promise.all(findings.map((finding) => found(deps, request.receivedAt, finding)));
}

async function found(deps: FindingDeps, since: number, finding: SubjectFindingRecord): Promise<Found> {
  const { statement: record, concerns, draft, referral, unreachable } = finding;
  const decision = referral === undefined ? undefined : await decisionOn(deps.consents, referral, record.iss);
  const consultation = await consultationOf(deps, finding, decision);
  const measures = await measuresOf(deps, record, since, referral);
  const marking = (record.claims as { handling: Handling }).handling.disclosure_to_subject;
  const judged = { statement: record.digest, own: record.own, marking, concerns, consultation };
  return {
    ...judged,
    record,
    telling: tellingOf({ ...judged, measures: [] }),
    measures,
    ...(draft !== undefined && { draft }),
    ...(referral !== undefined && { referral }),
    ...(decision && { decision }),
    ...(unreachable !== undefined && { unreachable }),
  };
}

/** A draft that the second officer sent back asks nobody. */
async function consultationOf(
  { store, consents, now }: FindingDeps,
  { referral, draftState, unreachable }: SubjectFindingRecord,
  decision: Decision | undefined,
): Promise<Consultation | undefined> {
  if (unreachable !== undefined) return 'UNREACHABLE';
  if (referral === undefined) return draftState === 'submitted' ? 'AWAITING_RELEASE' : undefined;
  const { body } = await consents.open((await store.statement(referral))!);
  return consentStateOf(body, decision, now());
}

async function measuresOf(
  { store, consents }: FindingDeps,
  { digest, iss }: StatementRecord,
  since: number,
  referral: Digest | undefined,
): Promise<Measure[]> {
  const said = (await store.reversalsOf([digest])).filter((reversal) => reversal.iss === iss && reversal.at >= since);
  return await Promise.all(
    said.map(async ({ type, statement: by, at }) => {
      const { rel } = await consents.open((await store.statement(by))!);
      return { type, by, at, inAnswer: referral !== undefined && rel.some(({ of }) => of === referral) };
    }),
  );
}
