/** What a receiver checks of one release, in the order of docs/protocol.md section 7. Pure but for the keys and the look at what is held. */
import { type Acceptance, accept, isDenounced, type OnwardConsent, Refusal } from '@entente/policy';
import { digestOf, type OpenedRelease, type OpenedStatement, openRelease, openStatement, SealError } from '@entente/seal';
import { isUngranted, type Kind, kindOf, partsOf, StatementError, unfold, validateDisclosed } from '@entente/statement';
import type { Digest, KnownReceived, Store } from '@entente/store';
import type { Directory } from '../peers/directory.js';
import { openHeld } from './open-held.js';
import { consentOf, knowOriginator, type OriginatorDeps } from './originator.js';
import { tieAbout } from './tie.js';
import { Failed, verdictOf } from './verdict.js';

/** As it came, attacker-controlled throughout. `jti` is what the sender calls it. */
export interface Delivered {
  jti: string;
  jwt: string;
  disclosures: string[];
}

export type Judged = Held | Again | NotHeld;

/** Every check passed. */
export interface Held {
  verdict: 'held';
  delivered: Delivered;
  release: OpenedRelease;
  statement: OpenedStatement;
  kind: Kind;
  body: Record<string, unknown>;
  acceptance: Acceptance;
}
/** Judged before: the stored receipt is the answer. */
export interface Again {
  verdict: 'again';
  delivered: Delivered;
  before: KnownReceived;
}
export interface NotHeld {
  verdict: 'refused' | 'quarantined';
  delivered: Delivered;
  digest: Digest;
  code: string;
  reason: string;
  release?: OpenedRelease;
}

export interface JudgeDeps extends OriginatorDeps {
  /** Kinds that this agency does not take, whatever agreements say. */
  refusedKinds: readonly string[];
  directory: Pick<Directory, 'findKey' | 'agreements' | 'peer'>;
  /** The highest classification that this node may carry. */
  ceiling: string;
  store: Pick<Store, 'statement' | 'releasesOf' | 'receivedOf' | 'placeIn'>;
  now: () => number;
}

/** @param known what came before as this release or under its name; of a name the one that has it comes first */
export async function judge(
  deps: JudgeDeps,
  from: string,
  delivered: Delivered,
  known: readonly KnownReceived[],
  options: { retry?: boolean } = {},
): Promise<Judged> {
  let release: OpenedRelease | undefined;
  try {
    const same = options.retry ? undefined : sameBytes(known, delivered);
    if (same) return { verdict: 'again', delivered, before: same };
    release = await openRelease(delivered.jwt, { iss: from, aud: deps.self, findKey: deps.directory.findKey });
    if (release.jti !== delivered.jti) throw new Failed('jti_mismatch', 'the release came under another name than its own');
    nameIsFree(known, release);
    await knowOriginator(deps, from, release);
    const statement = await opened(deps, release, delivered);
    isTaken(deps, statement);
    notAhead(release.iat, statement.claims.iat, deps.now());
    const consent = await consentOf(deps, from, release, statement);
    exactlyDisclosed(release, statement);
    const kind = knownKind(statement);
    const body = unfold(kind, statement.body);
    fitsSchema(kind, statement, body);
    const acceptance = await covered(deps, from, release, statement, kind, body, consent);
    return { verdict: 'held', delivered, release, statement, kind, body, acceptance };
  } catch (error) {
    const { code, reason } = explain(error);
    return { verdict: verdictOf(code), delivered, digest: digestOf(delivered.jwt), code, reason, ...(release ? { release } : {}) };
  }
}

/** Of a key that was compromised, what this node's own log holds from before still counts. */
async function opened({ store, directory }: JudgeDeps, release: OpenedRelease, { disclosures }: Delivered): Promise<OpenedStatement> {
  try {
    return await openStatement(release.statement, disclosures, directory.findKey);
  } catch (error) {
    const held = error instanceof SealError && error.code === 'key_compromised' && (await store.statement(release.statementDigest));
    if (!held) throw error;
    return await openHeld({ jwt: release.statement, storedAt: held.storedAt }, disclosures, directory.findKey);
  }
}

/** The same bytes again get the receipt that they got, whatever it says (F10). What came under a wrong name may come again under its own. */
function sameBytes(known: readonly KnownReceived[], { jti, jwt }: Delivered): KnownReceived | undefined {
  const digest = digestOf(jwt);
  const same = known.find((before) => before.digest === digest);
  return same?.code === 'jti_mismatch' && same.jti === jti ? undefined : same;
}

/** (`iss`, `jti`) names one digest; a second one is refused and both stay as evidence. */
function nameIsFree(known: readonly KnownReceived[], release: OpenedRelease): void {
  const named = known.find((before) => before.jti === release.jti);
  if (named && named.verdict !== 'quarantined' && named.digest !== release.digest)
    throw new Failed('jti_reused', 'this sender has used the name of this release for another one');
}

/**
 * How far the clock of a peer may be ahead of ours (docs/protocol.md section 7). One that is behind cannot be told from a release that was
 * long under way, and does no harm: no order depends on a clock.
 */
const AHEAD_SECONDS = 2 * 86_400;

function notAhead(released: number, said: number, now: number): void {
  const days = Math.round((Math.max(released, said) - now) / 86_400);
  if (Math.max(released, said) > now + AHEAD_SECONDS)
    throw new Failed('ahead_of_time', `it is dated ${days} days after the clock of this node: one of the two clocks is wrong`);
}

function exactlyDisclosed(release: OpenedRelease, statement: OpenedStatement): void {
  const came = statement.disclosed.map((d) => d.digest).sort();
  if (came.length !== release.disclosed.length || came.some((digest, i) => digest !== release.disclosed[i])) {
    throw new Failed('disclosures_differ', 'the parts that came are not the parts that the release names');
  }
}

/** A sender that was told so does not send it; another one is refused all the same. */
function isTaken(deps: Pick<JudgeDeps, 'refusedKinds'>, statement: OpenedStatement): void {
  if (deps.refusedKinds.includes(statement.claims.kind))
    throw new Failed('kind_refused', 'this agency does not take statements of this kind');
}

function knownKind(statement: OpenedStatement): Kind {
  const { kind, ver } = statement.claims;
  const known = kindOf(kind, ver);
  if (!known) throw new Failed('unknown_kind', 'this node does not know this kind of statement, or not in this version');
  return known;
}

function fitsSchema(kind: Kind, statement: OpenedStatement, body: Record<string, unknown>): void {
  const finding = validateDisclosed(kind, statement.claims, body as never, statement.rel).find((f) => f.level === 'reject');
  if (finding) throw new Failed('schema', `${finding.pointer || '/'} ${finding.id}`);
}

async function covered(
  deps: JudgeDeps,
  from: string,
  release: OpenedRelease,
  statement: OpenedStatement,
  kind: Kind,
  body: Record<string, unknown>,
  consent: OnwardConsent | undefined,
): Promise<Acceptance> {
  const tie = isUngranted(kind.name) ? (await tieAbout(deps.store, statement.rel))(from) : undefined;
  const accepted = accept({
    release,
    claims: statement.claims,
    parts: partsOf(kind, body as never, statement.rel),
    from,
    to: deps.self,
    agency_type: deps.directory.peer(statement.claims.iss)?.agencyType,
    agreements: deps.directory.agreements(),
    ceilings: { node: deps.ceiling, link: deps.directory.peer(from)?.ceiling ?? 'NONE' },
    now: deps.now(),
    tie,
    ...(consent ? { consent } : {}),
    place: await placeOf(deps, from, release),
  });
  if (accepted instanceof Refusal) throw new Failed(accepted.code, accepted.reason);
  return accepted;
}

/** Asked only after a denunciation: then it counts how far the feed had come. */
async function placeOf({ directory, store }: JudgeDeps, from: string, { agreement, digest }: OpenedRelease) {
  const denounced = directory.agreements().some((signed) => signed.digest === agreement.digest && isDenounced(signed, from));
  return denounced ? await store.placeIn(from, digest) : undefined;
}

/** An error that no check foresaw is a fault of ours or an attack on us: the item waits in quarantine, what is behind it moves on (F03). */
function explain(error: unknown): { code: string; reason: string } {
  if (error instanceof Failed) return error;
  if (error instanceof SealError) return { code: error.code, reason: error.message };
  if (error instanceof StatementError) return { code: 'schema', reason: error.code };
  return { code: 'internal', reason: 'this node could not judge the release' };
}
