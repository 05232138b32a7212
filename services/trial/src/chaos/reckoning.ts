/** After the storm: what was acknowledged, against what is held where, by the agencies' own words and by the auditor. */
import { audit } from '../audit.js';
import type { Member } from '../federation.js';
import { until } from '../until.js';
import type { Storm } from './storm.js';
import { issuedIn, leavesOf, repeated } from './told.js';

export interface Reckoning {
  /** Acknowledged, and neither held by everybody to whom it was released nor withheld by a rule. */
  lost: number;
  /** Acknowledged, and on nothing but a disk that was lost before any partner had it. */
  gone: number;
  /** Releases that a suspension or a recall stopped on their way. */
  stopped: number;
  /** Issued twice for one act, or held twice. */
  doubled: number;
  /** Positions of feeds that recipients miss. */
  gaps: number;
  /** Partners whose log showed two histories. */
  forks: number;
  /** Recalled, and still shown by somebody. */
  still_used: number;
  logs_verified: number;
  /** In the auditor's words. */
  findings: string[];
}

const PATIENCE_SECONDS = 120;

export async function reckon(storm: Storm): Promise<Reckoning> {
  const { officers } = storm;
  const { members } = storm.federation;
  const count = { lost: 0, gone: 0, stopped: 0, doubled: officers.contradicted.length, still_used: 0 };
  for (const member of members) {
    const digests = officers.acknowledged.get(member.agency.name)!;
    for (const digest of digests) {
      const fate = await fateOf(storm, member, digest);
      if (fate === 'lost' || fate === 'gone') count[fate] += 1;
      else count.stopped += fate;
    }
    for (const { target } of storm.recalled.get(member.agency.name) ?? []) count.still_used += await sum(members, (m) => shown(m, target));
    const epochs = await leavesOf(member, storm.epochs.get(member.agency.name)!);
    const known = new Set(digests);
    count.doubled += repeated(epochs) + [...issuedIn(epochs)].filter((digest) => !known.has(digest)).length;
  }
  const gaps = await sum(members, missingPositions);
  const forks = await sum(members, forkedPartners);
  const { verified, findings } = await audit(members);
  return { ...count, gaps, forks, logs_verified: verified.length, findings };
}

/** How many of its releases were stopped by a rule, when everybody else holds it. */
async function fateOf({ federation, epochs }: Storm, member: Member, digest: string): Promise<'lost' | 'gone' | number> {
  if (epochs.get(member.agency.name)!.length > 1 && (await heldNowhere(federation.members, digest))) return 'gone';
  const settled = async () => {
    const releases = await member.api.releases(digest).catch(() => []);
    const stopped = releases.filter(({ state, code }) => state === 'void' || (state === 'refused' && code === SUSPENDED)).length;
    const held = releases.filter(({ state }) => state === 'held').length;
    return releases.length > 0 && stopped + held === releases.length ? stopped : undefined;
  };
  return await until(`receipts for ${digest}`, settled, PATIENCE_SECONDS).catch(() => 'lost' as const);
}

/** Of a recipient that had suspended the agreement when the release was under way. */
const SUSPENDED = 'agreement_not_in_force';

async function heldNowhere(members: Member[], digest: string): Promise<boolean> {
  const path = { digest };
  const here = ({ api }: Member) =>
    api.analyst.GET('/v1/statements/{digest}', { params: { path } }).then(
      () => true,
      (error: { status?: number }) => error.status !== 404,
    );
  return !(await Promise.all(members.map(here))).includes(true);
}

const why = { purpose: 'CUSTOMS_CONTROL', justification: 'Looked whether what was recalled is still shown' };

/** 1 when the member still shows the content a while after the recall, else 0. */
async function shown({ api }: Member, digest: string): Promise<number> {
  const hidden = () =>
    api.content(digest, why).then(
      () => undefined,
      ({ status }: { status?: number }) => (status === 410 || status === 404 ? 0 : undefined),
    );
  return await until(`${digest} is hidden`, hidden, PATIENCE_SECONDS).catch(() => 1);
}

async function missingPositions({ api }: Member): Promise<number> {
  const { items } = (await api.releaser.GET('/v1/feeds', {})).data!;
  return items.reduce((missing, feed) => missing + feed.incoming.missing.length, 0);
}

async function forkedPartners({ api }: Member): Promise<number> {
  const { items } = (await api.administrator.GET('/v1/witnessing')).data!;
  return items.filter(({ forked }) => forked).length;
}

async function sum(members: Member[], of: (member: Member) => Promise<number>): Promise<number> {
  return (await Promise.all(members.map(of))).reduce((total, each) => total + each, 0);
}
