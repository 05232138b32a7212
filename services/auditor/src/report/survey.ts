import type { Leaf } from '@entente/ledger';
import { splitCompact } from '@entente/seal';
import type { Trust } from '../identity.js';
import type { AuditSource, Batch, SingleReleaseItem } from '../source.js';
import { type Progress, type Verification, verifyNode } from '../verify.js';

/** What the data of a node say, read once: what the checks of an inspection are judged by. */
export interface Survey {
  verification: Verification;
  /** Times of the first and last leaf, RFC 3339; null for an empty log. */
  period: { from: string; to: string } | null;
  statements: {
    own: number;
    received: number;
    byKind: Map<string, number>;
    /** Own ones, by digest: written and released by the same officer, and by two. */
    byOne: string[];
    byTwo: number;
    /** Of one officer alone in an emergency: confirmed by another or recalled, not yet due, and, by digest, neither. */
    single: { settled: number; open: number; unsettled: string[] };
  };
  releases: {
    out: number;
    in: number;
    /** Outgoing, by the basis of the transfer. */
    byBasis: Map<string, number>;
    /** Outgoing ones of statements of another originator: with his consent, and, by digest, without. */
    onward: { withConsent: number; without: string[] };
    /** Recipients of an own statement: the most and the mean. */
    audience: { most: number; mean: number };
    /** By partner: recalls and corrections sent to it, and its signed answers. */
    reversals: Map<string, { sent: number; answered: number }>;
  };
  access: {
    entries: number;
    byOperation: Map<string, number>;
    byPurpose: Map<string, number>;
    /** Reads, searches and exports of content without purpose or justification, by position. */
    withoutReason: number[];
    refused: number;
    /** Reads between 22 and 6 o'clock UTC. */
    atNight: number;
    /** The officer with the most reads in one hour: how many. */
    mostInAnHour: number;
  };
  /** Requests of persons about themselves: how many stand so, and which are, or were, answered too late. */
  subjects: { byStanding: Map<string, number>; late: string[] };
  /** Leaves by act. */
  log: Map<string, number>;
}

/** Reads everything once: verification and figures come from the same leaves, so they cannot differ. */
export async function survey(source: AuditSource, trust: Trust, progress?: Progress): Promise<Survey> {
  const log = new Map<string, number>();
  const access = accessFigures();
  let period: Survey['period'] = null;
  const onLeaf = ({ op, at }: Leaf): void => {
    count(log, op);
    period = { from: period?.from ?? at, to: at };
  };
  const verification = await verifyNode(source, trust, { ...(progress ? { progress } : {}), onLeaf, onAccess: access.add });
  const [statements, subjects] = [await statementFigures(source, access.confirmed), await subjectFigures(source)];
  const releases = await releaseFigures(source, verification.node);
  return { verification, period, statements, releases, access: access.figures, subjects, log };
}

async function statementFigures(source: AuditSource, confirmed: Confirmed): Promise<Survey['statements']> {
  const single: Survey['statements']['single'] = { settled: 0, open: 0, unsettled: [] };
  const figures: Survey['statements'] = { own: 0, received: 0, byKind: new Map(), byOne: [], byTwo: 0, single };
  for await (const { digest, jwt, own, author, releaser, singleRelease } of each(source.statements())) {
    figures[own ? 'own' : 'received']++;
    count(figures.byKind, String(claimsOf(jwt).kind));
    if (!own) continue;
    if (singleRelease !== undefined) {
      // A recall that ends such a release goes without a second officer; what is counted is the release.
      if (singleRelease.of === digest) settle(single, singleRelease, author, confirmed.get(digest));
    } else if (author === releaser) figures.byOne.push(digest);
    else figures.byTwo++;
  }
  return figures;
}

async function subjectFigures(source: AuditSource): Promise<Survey['subjects']> {
  const figures: Survey['subjects'] = { byStanding: new Map(), late: [] };
  for await (const { id, standing } of each(source.subjectRequests())) {
    count(figures.byStanding, standing);
    if (standing === 'OVERDUE' || standing === 'ANSWERED_LATE') figures.late.push(id);
  }
  return figures;
}

/** Who confirmed which statement, and when in seconds, as the access log says. */
type Confirmed = ReadonlyMap<string, { actor: string; at: number }>;

/** A table says much: a confirmation counts as the access log has it, of another officer and in time. */
function settle(
  single: Survey['statements']['single'],
  { of, outcome, confirmBy, decidedBy }: SingleReleaseItem,
  officer: string | undefined,
  logged: { actor: string; at: number } | undefined,
): void {
  const limit = Date.parse(confirmBy) / 1000;
  const confirmed = logged !== undefined && logged.actor === decidedBy && logged.actor !== officer && logged.at < limit;
  if (outcome === undefined && Date.now() / 1000 < limit) single.open++;
  else if (outcome === 'confirmed' ? confirmed : outcome !== undefined) single.settled++;
  else single.unsettled.push(of);
}

async function releaseFigures(source: AuditSource, node: string): Promise<Survey['releases']> {
  const figures: Survey['releases'] = {
    out: 0,
    in: 0,
    byBasis: new Map(),
    onward: { withConsent: 0, without: [] },
    audience: { most: 0, mean: 0 },
    reversals: new Map(),
  };
  const addressees = new Map<string, number>();
  for await (const { direction, peer, jwt, digest } of each(source.releases())) {
    figures[direction]++;
    if (jwt === null) continue;
    const event = eventOf(jwt);
    const kind = String(claimsOf(String(event.statement)).kind);
    const partner = figures.reversals.get(peer) ?? { sent: 0, answered: 0 };
    if (direction === 'out' && reversing.has(kind)) figures.reversals.set(peer, { ...partner, sent: partner.sent + 1 });
    if (direction === 'in' && kind === 'compliance') figures.reversals.set(peer, { ...partner, answered: partner.answered + 1 });
    if (direction === 'in') continue;
    count(figures.byBasis, String(event.transfer_basis));
    count(addressees, String(claimsOf(jwt).sub_id));
    if (String(claimsOf(String(event.statement)).iss) === node) continue;
    if (typeof event.consent === 'string') figures.onward.withConsent++;
    else figures.onward.without.push(digest);
  }
  const numbers = [...addressees.values()];
  const sum = numbers.reduce((total, each) => total + each, 0);
  figures.audience = { most: Math.max(0, ...numbers), mean: numbers.length === 0 ? 0 : sum / numbers.length };
  return figures;
}

async function* each<T>(batches: AsyncIterable<Batch<T>>): AsyncGenerator<T> {
  for await (const { items } of batches) yield* items;
}

const reversing: ReadonlySet<string> = new Set(['recall', 'correction']);
const reading: ReadonlySet<string> = new Set(['CONSULT', 'SEARCH', 'EXPORT']);

function accessFigures() {
  const figures: Survey['access'] = {
    entries: 0,
    byOperation: new Map(),
    byPurpose: new Map(),
    withoutReason: [],
    refused: 0,
    atNight: 0,
    mostInAnHour: 0,
  };
  const confirmed = new Map<string, { actor: string; at: number }>();
  let hour = 0;
  let inHour = new Map<string, number>();
  const add = (text: string, position: number): void => {
    const { at, actor, role, operation, object, code, purpose, justification } = JSON.parse(text) as Record<string, unknown>;
    figures.entries++;
    count(figures.byOperation, String(operation));
    if (operation === 'REFUSED') figures.refused++;
    if (operation === 'ALTER' && code === 'confirmed') confirmed.set(String(object), { actor: String(actor), at: Number(at) });
    // Auditors read headers and digests, never content: they name no purpose.
    if (!reading.has(String(operation)) || role === 'AUDITOR') return;
    if (typeof purpose === 'string') count(figures.byPurpose, purpose);
    if (operation !== 'CONSULT' && (purpose === undefined || justification === undefined)) figures.withoutReason.push(position);
    const seconds = Number(at);
    const clock = Math.floor(seconds / 3600) % 24;
    if (clock >= 22 || clock < 6) figures.atNight++;
    if (Math.floor(seconds / 3600) !== hour) [hour, inHour] = [Math.floor(seconds / 3600), new Map()];
    count(inHour, String(actor));
    figures.mostInAnHour = Math.max(figures.mostInAnHour, inHour.get(String(actor))!);
  };
  return { figures, confirmed, add };
}

function count(of: Map<string, number>, name: string): void {
  of.set(name, (of.get(name) ?? 0) + 1);
}

const claimsOf = (jwt: string): Record<string, unknown> => {
  const { payload } = splitCompact(jwt);
  const claims = payload() as Record<string, unknown>;
  return { ...claims, sub_id: (claims.sub_id as { uri?: unknown } | undefined)?.uri };
};

function eventOf(jwt: string): Record<string, unknown> {
  const { events } = splitCompact(jwt).payload() as { events?: Record<string, Record<string, unknown>> };
  return Object.values(events ?? {})[0] ?? {};
}
