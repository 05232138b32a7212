/** The recipient's side of a feed: judged, receipted, stored, in one transaction. docs/protocol.md sections 6 and 7. */
import { digestOf, maximumReceiptItems, type SealedReceipt, signReceipt } from '@entente/seal';
import {
  type Act,
  type Digest,
  type KnownReceived,
  type NewReceived,
  type Store,
  StoreError,
  type UnsentReceipt,
  type Verdict,
} from '@entente/store';
import type { ContentKeys } from '../content-keys.js';
import type { Identity } from '../identity.js';
import type { Directory } from '../peers/directory.js';
import type { Renewal } from '../peers/renewal.js';
import { type Delivered, type Held, type Judged, judge, type NotHeld } from './judge.js';
import { attachmentUses } from './named-attachments.js';
import { requestsOf } from './requests.js';
import { retentionOf } from './retention.js';
import { notRecalled, recallsFirst } from './reversal/arrival.js';
import { saidOf } from './reversal/said.js';
import { statementRow } from './statement-row.js';
import type { Step } from './step.js';
import { tokensOf } from './tokens.js';
import { matchWaiting } from './waiting.js';

export interface Reception {
  /** Everything of one answer, checked; nothing is stored. What came before is found to have come. */
  judge(from: string, delivered: Delivered[]): Promise<Judged[]>;
  /** Resolves when each item has a durable verdict with a receipt; what came before gets its stored receipt again. `behind`: nothing of it is matched until the feed is read to its end. */
  keep(from: string, judged: Judged[], options?: { behind?: boolean }): Promise<Received>;
  /** The sender's feed is read to its end: what waited for that can be found and matched now. */
  caughtUp(from: string): Promise<void>;
  /** Refuses what is on the pages taken in, of kinds that this agency does not take: nothing of it is downloaded. The receipts for it. */
  refuseUnread(from: string): Promise<UnsentReceipt[]>;
  /** Judges what lies in quarantine again; the new receipt replaces the old one when the verdict changed. */
  retry(from: string, delivered: Delivered, replaces: Digest): Promise<{ verdict: Verdict; code?: string; reason?: string }>;
}
export interface Received {
  /** Stored now, and due to the sender. */
  receipts: UnsentReceipt[];
  /** Stored before, and due to the sender once more. */
  again: Digest[];
}

export interface ReceiveDeps {
  refusedKinds: readonly string[];
  store: Store;
  identity: Identity;
  directory: Directory;
  renewal: Renewal;
  content: ContentKeys;
  /** The highest classification that this node may carry. */
  ceiling: string;
  now: () => number;
  step: Step;
}

type New = Held | NotHeld;
const isNew = (judged: Judged): judged is New => judged.verdict !== 'again';

/** Of what is known, what bears on one item. */
function knownBy(known: KnownReceived[]): (item: { digest: Digest; jti: string }) => KnownReceived[] {
  const byDigest = new Map(known.map((one) => [one.digest, one]));
  const byName = new Map([...known].reverse().map((one) => [one.jti, one])); // of one name the first remains
  return ({ digest, jti }) => [byName.get(jti), byDigest.get(digest)].filter((one) => one !== undefined);
}

export function createReception(deps: ReceiveDeps): Reception {
  const { directory, renewal, refusedKinds, ceiling, store: held, now } = deps;
  const look = { self: deps.identity.id, directory, renewal, refusedKinds, ceiling, store: held, now };

  async function judgeAll(from: string, delivered: Delivered[], options: { retry?: boolean } = {}): Promise<Judged[]> {
    if (delivered.length === 0) return [];
    const asked = delivered.map(({ jti, jwt }) => ({ digest: digestOf(jwt), jti: isName(jti) ? jti : '' }));
    const known = knownBy(await held.knownReceived(from, asked));
    const judged = await Promise.all(delivered.map((item, i) => judge(look, from, item, known(asked[i]!), options)));
    await deps.step('receive.judged');
    return await notRecalled(deps, judged);
  }

  async function keep(from: string, judged: Judged[], { behind = false } = {}): Promise<Received> {
    const fresh = await withinQuota(deps.store, from, onePerRelease(judged.filter(isNew)));
    const [first, others] = recallsFirst(fresh);
    const kept = await keepAll(from, first, behind);
    const left = first.length === 0 ? others : (await notRecalled(deps, others)).filter(isNew);
    kept.push(...(await keepAll(from, left, behind)));
    await deps.step('receive.stored');
    return { receipts: kept, again: judged.flatMap((item) => (item.verdict === 'again' ? [item.before.receipt] : [])) };
  }

  async function keepAll(from: string, items: New[], behind: boolean): Promise<UnsentReceipt[]> {
    const kept: UnsentReceipt[] = [];
    for (let at = 0; at < items.length; at += maximumReceiptItems)
      kept.push(...(await keepSome(from, items.slice(at, at + maximumReceiptItems), behind)));
    return kept;
  }

  async function refuseUnread(from: string): Promise<UnsentReceipt[]> {
    const kept: UnsentReceipt[] = [];
    for (;;) {
      const entries = await deps.store.entriesOf(from, refusedKinds, maximumReceiptItems);
      if (entries.length === 0) return kept;
      kept.push(
        await store(
          from,
          entries.map(({ digest }) => unread(digest)),
          false,
        ),
      );
    }
  }

  async function retry(from: string, delivered: Delivered, replaces: Digest): ReturnType<Reception['retry']> {
    const [item] = await judgeAll(from, [delivered], { retry: true });
    if (item!.verdict === 'again') return { verdict: item!.before.verdict };
    if (item!.verdict !== 'quarantined') await store(from, [item!], false, replaces);
    return { verdict: item!.verdict, ...('code' in item! ? { code: item.code, reason: item.reason } : {}) };
  }

  /** One transaction for the whole answer; if one item spoils it, each by itself, so that only that one fails. */
  async function keepSome(from: string, items: New[], behind: boolean): Promise<UnsentReceipt[]> {
    if (items.length === 0) return [];
    try {
      return [await store(from, items, behind)];
    } catch (error) {
      if (!spoiled(error)) throw error;
      const kept: UnsentReceipt[] = [];
      for (const item of items) kept.push(await keepAlone(from, item, behind));
      return kept;
    }
  }

  async function keepAlone(from: string, item: New, behind: boolean): Promise<UnsentReceipt> {
    try {
      return await store(from, [item], behind);
    } catch (error) {
      if (!spoiled(error)) throw error;
      const { delivered, release } = item;
      const code = (error as StoreError).code;
      const digest = digestOfItem(item);
      const verdict = code === 'jti_reused' ? 'refused' : 'quarantined';
      const reason = 'the database did not take it';
      return await store(from, [{ verdict, delivered, digest, code, reason, ...(release ? { release } : {}) }], behind);
    }
  }

  async function store(from: string, items: New[], behind: boolean, replaces?: Digest): Promise<UnsentReceipt> {
    const { digest, jwt } = await receiptFor(from, items, replaces);
    await deps.step('receive.signed');
    await deps.store.commit(actOf(deps, from, items, { digest, jwt }, behind));
    const releases = items.map((item) => ({
      jti: jtiOf(item),
      verdict: item.verdict,
      ...('code' in item ? { code: item.code } : {}),
    }));
    return { digest, jwt, releases };
  }

  function receiptFor(from: string, items: New[], replaces?: Digest): Promise<SealedReceipt> {
    return signReceipt(
      {
        iss: deps.identity.id,
        aud: from,
        iat: deps.now(),
        items: items.map((item) => ({
          release: digestOfItem(item),
          verdict: item.verdict,
          ...('code' in item ? { code: item.code } : {}),
          ...(replaces ? { replaces } : {}),
        })),
      },
      deps.identity.signer('release'),
    );
  }

  return { judge: judgeAll, keep, refuseUnread, retry, caughtUp: (from) => matchWaiting(deps, from) };
}

/** Known by the digest that a signed page names, and by nothing else. */
const unread = (digest: Digest): NotHeld => ({
  verdict: 'refused',
  delivered: { jti: digest, jwt: '', disclosures: [] },
  digest,
  code: 'kind_refused',
  reason: 'this agency does not take statements of this kind',
});

/** An answer may hold a release under two names, and a receipt names it once: what it is under its own name counts. */
function onePerRelease(items: New[]): New[] {
  const byDigest = new Map<Digest, New>();
  for (const item of items) {
    const before = byDigest.get(digestOfItem(item));
    if (!before || ('code' in before && before.code === 'jti_mismatch')) byDigest.set(digestOfItem(item), item);
  }
  return [...byDigest.values()];
}

/** What one peer may lay into our quarantine; beyond it, it is refused instead of kept, and the sender sees a dead letter. */
const QUOTA = { items: 1000, bytes: 64 * 1024 * 1024 };

async function withinQuota(store: Pick<Store, 'quarantineUse'>, from: string, items: New[]): Promise<New[]> {
  if (!items.some((item) => item.verdict === 'quarantined')) return items;
  const use = await store.quarantineUse(from);
  return items.map((item) => {
    if (item.verdict !== 'quarantined') return item;
    use.items += 1;
    use.bytes += bytesOf(item.delivered);
    const fits = use.items <= QUOTA.items && use.bytes <= QUOTA.bytes;
    return fits
      ? item
      : { ...item, verdict: 'refused', code: 'quarantine_full', reason: 'too much of this sender lies in quarantine already' };
  });
}

const bytesOf = ({ jwt, disclosures }: Delivered): number => jwt.length + disclosures.reduce((sum, text) => sum + text.length, 0);

const digestOfItem = (item: New): Digest => (item.verdict === 'held' ? item.release.digest : item.digest);

/** The database's answer to these very rows; a lost connection is not one, and the whole answer is fetched again. */
const spoiled = (error: unknown): boolean => error instanceof StoreError && error.code !== 'busy' && error.code !== 'unavailable';

function actOf({ content, now }: ReceiveDeps, from: string, items: New[], receipt: SealedReceipt, behind: boolean): Act {
  const held = items.filter((item): item is Held => item.verdict === 'held');
  const quarantined = items.filter((item): item is NotHeld => item.verdict === 'quarantined');
  return {
    statements: held.map((item) => statementRow(item.statement, false)),
    contents: held.map((item) => ({
      ref: item.release.digest,
      statement: item.statement.digest,
      sealed: content.seal(item.delivered.disclosures, item.release.digest),
      tokens: tokensOf(content, item.kind, item.body, item.statement.rel),
      ...retentionOf(item.statement.claims.handling, now(), item.acceptance.terms.retain_until),
      ...(behind && !item.kind.ends && { waitsFor: from }),
    })),
    attachmentUses: held.flatMap((item) => attachmentUses(content, item.release.digest, item.body)),
    ...said(held, from),
    received: items.map((item) => receivedRow(from, item, receipt.digest)),
    quarantine: quarantined.map((item) => ({
      from,
      release: item.digest,
      code: item.code,
      reason: item.reason,
      sealed: content.seal([item.delivered.jti, item.delivered.jwt, ...item.delivered.disclosures], item.digest),
      bytes: bytesOf(item.delivered),
    })),
    receipts: [{ to: from, digest: receipt.digest, jwt: receipt.jwt }],
  };
}

function said(held: Held[], from: string): Pick<Act, 'reversals' | 'compliances' | 'requests' | 'requestAnswers'> {
  const all = held.map(({ statement, kind, body }) => {
    const { claims, digest, rel } = statement;
    const one = { ...claims, digest, kind, rel, body };
    // Who passes on what another asks or decides asks and decides nothing.
    return { ...saidOf(one, { own: false, from }), ...(claims.iss === from && requestsOf(one, [from], false)) };
  });
  return {
    reversals: all.flatMap((one) => one.reversals ?? []),
    compliances: all.flatMap((one) => one.compliances ?? []),
    requests: all.flatMap((one) => one.requests ?? []),
    requestAnswers: all.flatMap((one) => one.requestAnswers ?? []),
  };
}

/** What fails for addressee, agreement, class or recall leaves its digest, open claims and reason only; the text of the release is not kept. */
function receivedRow(from: string, item: New, receipt: Digest): NewReceived {
  const release = item.release;
  const { purposes, retain_until, onward, reply_by, readers } = (item.verdict === 'held' ? item.acceptance.terms : release) ?? {};
  const terms = {
    agreement: release?.agreement.digest ?? null,
    purposes: purposes ?? [],
    retainUntil: retain_until ?? null,
    onward: onward ?? null,
    replyBy: reply_by ?? null,
    readers: readers ?? null,
  };
  const common = { from, jti: jtiOf(item), digest: digestOfItem(item), verdict: item.verdict, receipt, ...terms };
  if (item.verdict === 'held') {
    return {
      ...common,
      statement: item.statement.digest,
      kind: item.statement.claims.kind,
      jwt: item.release.jwt,
      disclosed: item.release.disclosed,
    };
  }
  // Of two releases under one name both are evidence; the token carries no content.
  const jwt = item.code === 'jti_reused' ? item.delivered.jwt : null;
  return { ...common, statement: null, kind: null, jwt, disclosed: [], code: item.code };
}

/** What is no release may be called anything, also what no database takes: then it is called by its digest. */
const jtiOf = (item: New): string => item.release?.jti ?? (isName(item.delivered.jti) ? item.delivered.jti : digestOfItem(item));

const isName = (jti: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(jti);
