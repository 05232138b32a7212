import { tilePath, tileWidth } from '@entente/ledger';
import { AuditorError } from './error.js';
import type { AuditSource, Batch, Entry, LogName, SingleReleaseItem } from './source.js';

/** Items of one answer. */
const pageSize = 1000;

type Query = Record<string, string | number | undefined>;
type Members = Record<string, unknown>;

/**
 * The audit API of a node, read with a token of the role AUDITOR. Every method throws AuditorError `unreachable`, `denied` or `bad_answer`.
 * @throws {AuditorError} `bad_input` when the address is none
 */
export function httpSource(node: string, token: string): AuditSource {
  if (!URL.canParse(node)) throw new AuditorError('bad_input', `${node} is not an address`);
  const base = `${node.replace(/\/$/, '')}/audit/v1/`;
  const ask = (method: 'GET' | 'POST', path: string, query: Query = {}) => request(method, new URL(base + path), query, token);

  /** Follows `next` to the end. */
  async function* list<T>(path: string, after: string | undefined, read: (item: Members) => T): AsyncGenerator<Batch<T>> {
    for (let mark = after; ; ) {
      const answer: Members = await ask('GET', path, { after: mark, limit: pageSize });
      const next = typeof answer.next === 'string' && answer.next !== '' ? answer.next : undefined;
      if (next !== undefined && next === mark) throw bad('next'); // would never end
      yield { items: itemsOf(answer).map(read), ...(next === undefined ? {} : { next }) };
      if (next === undefined) return;
      mark = next;
    }
  }

  return {
    async configuration() {
      const answer = await ask('GET', 'configuration');
      return {
        configuration: text(answer, 'configuration'),
        peers: listOf(answer, 'peers').map((peer) => ({ id: text(peer, 'id'), configuration: text(peer, 'configuration') })),
        agreements: listOf(answer, 'agreements').map((agreement) => ({
          digest: text(agreement, 'digest'),
          jws: text(agreement, 'jws'),
          acts: textsOf(agreement, 'acts'),
        })),
        epoch: count(answer, 'epoch'),
      };
    },
    async cutCheckpoint(log) {
      return text(await ask('POST', 'checkpoint', { log }), 'note');
    },
    async epochs() {
      return itemsOf(await ask('GET', 'epochs')).map((item) => ({
        epoch: count(item, 'epoch'),
        reason: text(item, 'reason'),
        exchange: count(item, 'exchange'),
        access: count(item, 'access'),
      }));
    },
    async *checkpoints(log, epoch, first) {
      for (let from = first; ; ) {
        const items = itemsOf(await ask('GET', 'checkpoints', { log, epoch, from, limit: pageSize }));
        const checkpoints = items.map((item) => ({ size: count(item, 'size'), note: text(item, 'note') }));
        if (checkpoints.length === 0) return;
        yield* checkpoints;
        const after = checkpoints[checkpoints.length - 1]!.size + 1;
        if (after <= from) throw bad('checkpoints');
        from = after;
      }
    },
    async consistency(log, epoch, from, to) {
      if (from === 0) return [];
      const { proof } = await ask('GET', 'proofs/consistency', { log, epoch, from, to });
      if (!Array.isArray(proof) || !proof.every((hash) => typeof hash === 'string')) throw bad('proof');
      return proof.map((hash: string) => new Uint8Array(Buffer.from(hash, 'base64')));
    },
    async tile(log, epoch, level, index, width) {
      const path = tilePath({ level, index, ...(width === tileWidth ? {} : { width }) });
      const response = await fetched('GET', new URL(`${base}tlog/${log}/${path}?epoch=${epoch}`), token);
      if (response.status === 404) return undefined;
      if (!response.ok) throw bad('tile');
      return new Uint8Array(await response.arrayBuffer());
    },
    async *entries(log, epoch, from, end) {
      for (let next = from; next < end; ) {
        const entries: Entry[] = await entriesFrom(log, epoch, next);
        if (entries.length === 0) return;
        for (const entry of entries) if (entry.position < end) yield entry;
        next = entries[entries.length - 1]!.position + 1;
      }
    },
    async *access(epoch, first) {
      for (let from: number | undefined = first; from !== undefined; ) {
        const answer: Members = await ask('GET', 'access', { epoch, from, limit: pageSize });
        const entries = itemsOf(answer).map((item) => ({
          position: count(item, 'position'),
          salt: text(item, 'salt'),
          entry: item.entry === null ? null : text(item, 'entry'),
        }));
        yield* entries;
        const next: unknown = answer.next;
        if (next !== undefined && !(Number.isSafeInteger(next) && (next as number) > from)) throw bad('next');
        from = next as number | undefined;
      }
    },
    statements: (after) =>
      list('statements', after, (item) => ({
        digest: text(item, 'digest'),
        jwt: text(item, 'jwt'),
        own: item.own === true,
        kind: text(item, 'kind'),
        originator: text(item, 'originator'),
        ...(item.author === undefined ? {} : { author: text(item, 'author') }),
        ...(item.releaser === undefined ? {} : { releaser: text(item, 'releaser') }),
        ...(item.single_release === undefined ? {} : { singleRelease: singleReleaseOf(item.single_release as Members) }),
      })),
    releases: (after) =>
      list('releases', after, (item) => ({
        ...between(item),
        digest: text(item, 'digest'),
        state: text(item, 'state'),
        epoch: item.epoch == null ? null : count(item, 'epoch'),
        position: item.position == null ? null : count(item, 'position'),
        jwt: item.jwt == null ? null : text(item, 'jwt'),
      })),
    receipts: (after) => list('receipts', after, (item) => ({ ...between(item), digest: text(item, 'digest'), jwt: text(item, 'jwt') })),
    async *pages(feed, first = 1) {
      for (let from = first; ; ) {
        const pages = itemsOf(await ask('GET', 'pages', { ...feed, from })).map((item) => ({
          first: count(item, 'first'),
          last: count(item, 'last'),
          jws: text(item, 'jws'),
        }));
        if (pages.length === 0) return;
        yield pages;
        const after = pages[pages.length - 1]!.last + 1;
        if (after <= from) throw bad('pages');
        from = after;
      }
    },
    voids: async (feed) => itemsOf(await ask('GET', 'voids', { ...feed })).map((item) => ({ jwt: text(item, 'jwt') })),
    // The register is no part of the audit face: auditors read the agency's own list.
    subjectRequests: (after) =>
      list('../../v1/subject-requests', after, (item) => ({ id: text(item, 'id'), standing: text(item, 'standing') })),
    async trail(statement) {
      const answer = await ask('GET', `statements/${encodeURIComponent(statement)}`);
      return {
        digest: text(answer, 'digest'),
        jwt: text(answer, 'jwt'),
        own: answer.own === true,
        releases: listOf(answer, 'releases').map((item) => ({
          ...between(item),
          digest: text(item, 'digest'),
          state: text(item, 'state'),
          jwt: item.jwt == null ? null : text(item, 'jwt'),
          receipt: isMembers(item.receipt) ? { digest: text(item.receipt, 'digest'), jwt: text(item.receipt, 'jwt') } : null,
        })),
      };
    },
    async proofs(epoch, about, size) {
      try {
        const answer = await ask('GET', 'tlog/exchange/proof', { ...about, epoch, size });
        return itemsOf(answer).map((item) => ({ index: count(item, 'index'), leaf: text(item, 'leaf'), proof: text(item, 'proof') }));
      } catch (error) {
        if (error instanceof AuditorError && error.code === 'not_found') return []; // no leaf speaks of it
        throw error;
      }
    },
  };

  async function entriesFrom(log: LogName, epoch: number, from: number): Promise<Entry[]> {
    const answer = await ask('GET', 'entries', { log, epoch, from, limit: pageSize });
    const entries = itemsOf(answer).map((item) => ({ position: count(item, 'position'), leaf: text(item, 'leaf') }));
    if (entries.some(({ position }) => position < from)) throw bad('entries');
    return entries;
  }
}

async function request(method: string, url: URL, query: Query, token: string): Promise<Members> {
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const response = await fetched(method, url, token);
  if (response.status === 404) throw new AuditorError('not_found', `${url.origin} has nothing at ${url.pathname} (404)`);
  const answer: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  if (!isMembers(answer)) throw new AuditorError('bad_answer', `${url.pathname} of ${url.origin} answers ${response.status}`);
  return answer;
}

async function fetched(method: string, url: URL, token: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
  } catch (error) {
    throw new AuditorError('unreachable', `${url.origin} does not answer: ${(error as Error).message}`);
  }
  if (response.status === 401 || response.status === 403)
    throw new AuditorError('denied', `${url.origin} refuses this token (${response.status})`);
  return response;
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (member: string): AuditorError => new AuditorError('bad_answer', `an answer of the audit API has no usable ${member}`);

const itemsOf = (answer: Members): Members[] => listOf(answer, 'items');

function listOf(answer: Members, member: string): Members[] {
  const list = answer[member];
  if (!Array.isArray(list) || !list.every(isMembers)) throw bad(member);
  return list;
}

function text(item: Members, member: string): string {
  const value = item[member];
  if (typeof value !== 'string') throw bad(member);
  return value;
}

function textsOf(item: Members, member: string): string[] {
  const list = item[member];
  if (!Array.isArray(list) || !list.every((value) => typeof value === 'string')) throw bad(member);
  return list;
}

function count(item: Members, member: string): number {
  const value = item[member];
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw bad(member);
  return value as number;
}

function direction(item: Members): 'in' | 'out' {
  if (item.direction !== 'in' && item.direction !== 'out') throw bad('direction');
  return item.direction;
}

const singleReleaseOf = (single: Members): SingleReleaseItem => ({
  of: text(single, 'of'),
  confirmBy: text(single, 'confirm_by'),
  ...(single.outcome === undefined ? {} : { outcome: text(single, 'outcome') }),
  ...(single.decided_by === undefined ? {} : { decidedBy: text(single, 'decided_by') }),
});

const between = (item: Members) => ({ direction: direction(item), peer: text(item, 'peer') });
