/** Takes back from peers what this node had signed and lost: statements with the parts that were released, releases, receipts. docs/protocol.md section 9.5. */
import { type FindKey, type OpenedRelease, openPage, openReceipt, openRelease, openStatement } from '@entente/seal';
import { kindOf, unfold } from '@entente/statement';
import type { Act, Digest, NewRelease, Store } from '@entente/store';
import type { ContentKeys } from '../content-keys.js';
import type { Dial } from '../federation/dial.js';
import { statementRow } from '../flow/statement-row.js';
import { tokensOf } from '../flow/tokens.js';

export interface BringBackDeps {
  self: string;
  store: Pick<Store, 'commit' | 'statement' | 'releaseByJti' | 'receiptByDigest' | 'feedIn' | 'feedGaps'>;
  content: ContentKeys;
  /** Of this node itself: nothing else vouches for what a peer gives back. */
  findKey: FindKey;
}

export interface BroughtBack {
  peer: string;
  statements: Digest[];
  releases: Digest[];
  receipts: number;
  /** Releases of the peer that it will offer again. */
  replayed: number;
  /** On a page that this node had signed, and held by nobody who was asked. */
  missing: { epoch: number; position: number; release: Digest }[];
}

type Returned = { release: string; disclosures: string[] };
/** Recovered releases go last: their recipient holds them already, and the urgency is no part of what was signed. */
const LAST = 4;

/** Statement -> texts of its parts, gathered over all peers: each had been given its own. */
export type Parts = Map<Digest, Set<string>>;

/** First over all peers, so that a statement comes back with every part that somebody holds. */
export async function gatherParts(deps: BringBackDeps, peer: string, connection: Dial, since: number, parts: Parts): Promise<void> {
  for await (const { release, disclosures } of list<Returned>(connection, '/held/releases', since)) {
    const opened = await returned(deps, peer, release);
    if (!opened || (await deps.store.statement(opened.statementDigest))) continue;
    // Each set by itself: what one peer gives back wrongly must not spoil what another gives back rightly.
    const fits = await openStatement(opened.statement, disclosures, deps.findKey).catch(() => undefined);
    if (!fits) continue;
    const texts = parts.get(opened.statementDigest) ?? new Set();
    for (const text of disclosures) texts.add(text);
    parts.set(opened.statementDigest, texts);
  }
}

/** Undefined for what this node has never sent to that peer, whatever it says. */
const returned = (deps: BringBackDeps, peer: string, jwt: unknown): Promise<OpenedRelease | undefined> =>
  openRelease(String(jwt), { iss: deps.self, aud: peer, findKey: deps.findKey }).catch(() => undefined);

/** Then each peer's own: what it was sent stands on the feed of the new epoch, and is answered there with the receipt that it gave before. */
export async function bringBack(
  deps: BringBackDeps,
  from: { peer: string; connection: Dial; since: number; old: { epoch: number; size: number } },
  parts: Parts,
): Promise<BroughtBack> {
  const { peer, connection, since, old } = from;
  const back: BroughtBack = { peer, statements: [], releases: [], receipts: 0, replayed: 0, missing: [] };
  const held = new Set<Digest>();
  for await (const { release: jwt } of list<Returned>(connection, '/held/releases', since)) {
    const release = await returned(deps, peer, jwt);
    if (!release) continue;
    held.add(release.digest);
    if (await deps.store.releaseByJti(peer, release.jti)) continue;
    const known = (await deps.store.statement(release.statementDigest)) !== undefined;
    const lost = known ? undefined : [...(parts.get(release.statementDigest) ?? [])];
    const statement = await openStatement(release.statement, lost ?? [], deps.findKey);
    const { kind: name, ver, iat } = statement.claims;
    const kind = kindOf(name, ver);
    const act: Act = {
      ...(lost && {
        statements: [statementRow(statement, true)],
        contents: [
          {
            ref: statement.digest,
            statement: statement.digest,
            sealed: deps.content.seal(lost, statement.digest),
            tokens: kind ? tokensOf(deps.content, kind, unfold(kind, statement.body), statement.rel) : [],
          },
        ],
      }),
      releases: [rowOf(release, name, iat)],
    };
    await deps.store.commit(act);
    if (lost) back.statements.push(statement.digest);
    back.releases.push(release.digest);
  }
  back.missing = await missingOf(deps, from, old, held);
  back.replayed = await askAgain(deps, peer, connection);
  // Last: as long as a receipt is missing, the peer is seen to hold more, and recovery is asked for again.
  for await (const jwt of list<string>(connection, '/held/receipts', since)) {
    const receipt = await openReceipt(String(jwt), { iss: deps.self, aud: peer, findKey: deps.findKey }).catch(() => undefined);
    if (!receipt || (await deps.store.receiptByDigest(receipt.digest))) continue;
    await deps.store.commit({ receipts: [{ to: peer, digest: receipt.digest, jwt, sent: true }] });
    back.receipts += 1;
  }
  return back;
}

const rowOf = (release: Awaited<ReturnType<typeof openRelease>>, kind: string, iat: number): NewRelease => ({
  to: release.aud,
  jti: release.jti,
  digest: release.digest,
  statement: release.statementDigest,
  kind,
  jwt: release.jwt,
  bytes: release.jwt.length,
  disclosed: release.disclosed,
  agreement: release.agreement.digest,
  retainUntil: release.retain_until,
  purposes: release.purposes,
  onward: release.onward,
  urgency: LAST,
  iat,
  by: 'recovered',
});

/** The pages after the last position that this node knew name what was on the feed; what nobody gave back is gone. */
async function missingOf(
  deps: BringBackDeps,
  { peer, connection }: { peer: string; connection: Dial },
  old: { epoch: number; size: number },
  held: ReadonlySet<Digest>,
): Promise<BroughtBack['missing']> {
  const missing: BroughtBack['missing'] = [];
  for (let from = old.size + 1; ; ) {
    const { pages = [] } = (await connection.json('GET', `/held/pages?epoch=${old.epoch}&from=${from}`)) as { pages?: string[] };
    const before = from;
    for (const jws of pages) {
      const page = await openPage(String(jws), { iss: deps.self, aud: peer, findKey: deps.findKey }).catch(() => undefined);
      if (!page) return missing;
      for (const [at, [release]] of page.entries.entries())
        if (page.first + at > old.size && !held.has(release)) missing.push({ epoch: page.epoch, position: page.first + at, release });
      from = Math.max(from, page.first + page.entries.length);
    }
    if (from === before) return missing;
  }
}

/** The other direction: what the peer had sent since, it sends again, and this node receipts anew what it stores anew. */
async function askAgain({ store }: BringBackDeps, peer: string, connection: Dial): Promise<number> {
  const [feed, gaps] = await Promise.all([store.feedIn(peer), store.feedGaps(peer, Number.MAX_SAFE_INTEGER)]);
  const after = Math.min(feed.last, ...gaps.filter(({ epoch }) => epoch === feed.epoch).map(({ position }) => position - 1));
  const answer = await connection.json('POST', '/feed/replay', { epoch: feed.epoch, after }).catch(() => ({ offered: 0 }));
  return Number((answer as { offered?: unknown }).offered) || 0;
}

/** Every item of a list in pages. What it holds is judged by whoever reads it. */
async function* list<T>(connection: Dial, path: string, since: number): AsyncGenerator<T> {
  for (let after = ''; ; ) {
    const answer = (await connection.json('GET', `${path}?since=${since}${after}`)) as { items?: T[]; next?: string };
    yield* answer.items ?? [];
    if (typeof answer.next !== 'string' || after === `&after=${answer.next}`) return;
    after = `&after=${encodeURIComponent(answer.next)}`;
  }
}
