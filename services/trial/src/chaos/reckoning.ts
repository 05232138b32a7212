/** After the storm: what was acknowledged, against what is held where, by the agencies' own words and by the auditor. */
import { audit } from '../audit.js';
import type { Member } from '../federation.js';
import { until } from '../until.js';
import type { Officers } from './officers.js';

export interface Reckoning {
  /** Acknowledged, and not held by everybody to whom it was released. */
  lost: number;
  /** Issued twice for one act, or held twice. */
  doubled: number;
  /** Positions of feeds that recipients miss. */
  gaps: number;
  /** Partners whose log showed two histories. */
  forks: number;
  logs_verified: number;
  /** In the auditor's words. */
  findings: string[];
}

const PATIENCE_SECONDS = 120;

export async function reckon(members: Member[], officers: Officers): Promise<Reckoning> {
  let lost = 0;
  let doubled = officers.contradicted.length;
  for (const member of members) {
    const digests = officers.acknowledged.get(member.agency.name)!;
    for (const digest of digests) if (!(await isHeldByAll(member, digest))) lost += 1;
    doubled += (await issued(member)) - new Set(digests).size;
  }
  const { verified, findings } = await audit(members);
  return {
    lost,
    doubled,
    gaps: await sum(members, missingPositions),
    forks: await sum(members, forkedPartners),
    logs_verified: verified.length,
    findings,
  };
}

async function isHeldByAll(member: Member, digest: string): Promise<boolean> {
  const held = async () => {
    const releases = await member.api.releases(digest);
    return releases.length > 0 && releases.every(({ state }) => state === 'held') ? true : undefined;
  };
  return await until(`receipts for ${digest}`, held, PATIENCE_SECONDS).catch(() => false);
}

/** Statements that the node has signed, counted by its own log. */
async function issued({ api }: Member): Promise<number> {
  let count = 0;
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: { items: { leaf: string }[]; next?: number } = (
      await api.auditor.GET('/audit/v1/entries', { params: { query: { from, limit: 1000 } } })
    ).data!;
    count += page.items.filter(({ leaf }) => (JSON.parse(leaf) as { op: string }).op === 'issued').length;
    from = page.next;
  }
  return count;
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
