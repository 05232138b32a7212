import { createHash, randomBytes } from 'node:crypto';
import {
  type AccessItem,
  AuditorError,
  type AuditSource,
  type Batch,
  type EpochItem,
  type FeedDirection,
  type LeafProof,
  type LogName,
  type NodeConfiguration,
  type ReceiptItem,
  type ReleaseItem,
  type StatementItem,
  type SubjectRequestItem,
  type Trail,
  type VoidItem,
} from '@entente/auditor';
import {
  accessLeafBytes,
  addSignatures,
  checkpointText,
  consistencyProof,
  cosignCheckpoint,
  Frontier,
  formatTlogProof,
  formatVkey,
  inclusionProof,
  type Leaf,
  leafBytes,
  leafHash,
  type NoteSigner,
  noteKey,
  signatureType,
  signCheckpoint,
} from '@entente/ledger';
import {
  chainOver,
  chainStart,
  digestOf,
  type KeyRecord,
  type PageEntry,
  releaseEvent,
  releaseTyp,
  type Signer,
  signAgreement,
  signCompact,
  signEntityConfiguration,
  signPage,
  signReceipt,
  signVoid,
  statementTyp,
  type Use,
  type Verdict,
} from '@entente/seal';
import { generateKey, nodeSigner } from '@entente/seal/node';

const start = 1_900_000_000;
const day = 86_400;

type Row<T> = { -readonly [K in keyof T]: T[K] };

/** One agency's node as its audit API shows it: real keys, real signatures, rows in plain arrays that a test may spoil. */
export class FakeNode implements AuditSource {
  readonly signers = new Map<Use, Signer>();
  readonly keys: KeyRecord[] = [];
  /** Of the present epoch. */
  leaves: Record<LogName, string[]> = { exchange: [], access: [] };
  epoch = 1;
  reason = 'first';
  /** The epochs that have ended. */
  readonly ended: Ended[] = [];
  readonly rows = {
    access: [] as Row<AccessItem>[],
    statements: [] as Row<StatementItem>[],
    releases: [] as Row<ReleaseItem>[],
    receipts: [] as Row<ReceiptItem>[],
    voids: [] as Row<VoidItem & { direction: FeedDirection; peer: string }>[],
    subjectRequests: [{ id: 'request-1', standing: 'ANSWERED' }] as Row<SubjectRequestItem>[],
    pages: new Map<string, { first: number; last: number; jws: string }[]>(),
  };
  readonly peers: { id: string; configuration: string }[] = [];
  /** What a node that stores other hashes than its entries give would answer. */
  onTile = (hashes: Uint8Array[]): Uint8Array[] => hashes;
  /** Checkpoints as they were cut. */
  cut: Record<LogName, { size: number; note: string }[]> = { exchange: [], access: [] };
  /** Peers that cosign its checkpoints. */
  readonly witnesses: FakeNode[] = [];
  readonly agreements: { digest: string; jws: string; acts: string[] }[] = [];
  served = '';
  jwt = '';
  now = start;
  /** What happens between two checkpoints of an audit. */
  onCut: () => void | Promise<void> = () => undefined;
  #logSigners: Record<LogName, NoteSigner>;
  #feeds = new Map<string, { entries: PageEntry[]; paged: number; chain: Uint8Array }>();
  #resumed = new Map<string, { last: number; chain: Uint8Array }>();

  constructor(readonly id: string) {
    for (const use of ['federation', 'statement', 'release', 'log', 'witness'] as const) {
      const { alg, kid, jwk, privateJwk } = generateKey(use === 'log' || use === 'witness' ? 'Ed25519' : 'ES256');
      this.signers.set(use, nodeSigner(privateJwk));
      this.keys.push({ iss: id, kid, use, alg, jwk, not_before: start - day, not_after: start + 400 * day });
    }
    this.#logSigners = this.signersOfLogs();
  }

  private signersOfLogs(): Record<LogName, NoteSigner> {
    const log = this.keys.findLast(({ use }) => use === 'log')!;
    const publicKey = new Uint8Array(Buffer.from(log.jwk.x, 'base64url'));
    const signer = (name: string): NoteSigner => ({ key: noteKey(name, signatureType.ed25519, publicKey), sign: this.signer('log').sign });
    const { host } = new URL(this.id);
    return { exchange: signer(`${host}/log/${this.epoch}`), access: signer(`${host}/access/${this.epoch}`) };
  }

  /** A new key of the log, and with it a new epoch: feeds begin anew. */
  async rollLog(epoch: number, reason = 'The log has a new key.'): Promise<void> {
    for (const log of ['exchange', 'access'] as const) await this.cutCheckpoint(log);
    await this.begin(epoch, reason);
    const { alg, kid, jwk, privateJwk } = generateKey('Ed25519');
    this.signers.set('log', nodeSigner(privateJwk));
    this.keys.push({ iss: this.id, kid, use: 'log', alg, jwk, not_before: this.now, not_after: this.now + 400 * day });
    this.#logSigners = this.signersOfLogs();
    await this.publish(this.now);
  }

  private async begin(epoch: number, reason: string): Promise<void> {
    const [exchange, access] = (['exchange', 'access'] as const).map((log) => checkpointText(this.head(log)));
    const { leaves, cut, rows } = this;
    this.ended.push({ epoch: this.epoch, reason: this.reason, leaves, cut, access: rows.access });
    Object.assign(this, { epoch, reason, leaves: { exchange: [], access: [] }, cut: { exchange: [], access: [] } });
    rows.access = [];
    this.#resumed = new Map([...this.#feeds].map(([peer, { paged, chain }]) => [peer, { last: paged, chain }]));
    this.#feeds = new Map();
    this.leaf('epoch', { digest: sha256(reason), ref: sha256(exchange!) });
    this.leaf('access_root', { digest: Buffer.from(access!.split('\n')[2]!, 'base64').toString('base64url') });
  }

  private head(log: LogName) {
    const frontier = Frontier.empty();
    for (const leaf of this.leaves[log]) frontier.append(leafHash(new TextEncoder().encode(leaf)));
    return { origin: this.#logSigners[log].key.name, size: frontier.size, root: frontier.root() };
  }

  private of(epoch: number): Omit<Ended, 'reason'> {
    return this.ended.find((one) => one.epoch === epoch) ?? { ...this, access: this.rows.access };
  }

  signer(use: Use): Signer {
    return this.signers.get(use)!;
  }

  get thumbprint(): string {
    return this.signer('federation').kid;
  }

  async publish(iat = start): Promise<string> {
    this.jwt = await signEntityConfiguration(
      {
        id: this.id,
        iat,
        exp: start + 300 * day,
        organizationName: 'An agency',
        country: 'AQ',
        agencyType: 'CUSTOMS',
        protocolVersions: ['1'],
        keys: this.keys,
        certificates: [],
        log: { origin: this.#logSigners.exchange.key.name, vkey: formatVkey(this.#logSigners.exchange.key) },
        endpoints: { federation: `${this.id}/federation/v1` },
      },
      this.signer('federation'),
    );
    this.served = this.jwt;
    return this.jwt;
  }

  leaf(op: Leaf['op'], members: Partial<Leaf> = {}): void {
    this.now += 1;
    const leaf: Leaf = { v: 1, n: randomBytes(16).toString('base64url'), at: new Date(this.now * 1000).toISOString(), op, ...members };
    this.leaves.exchange.push(new TextDecoder().decode(leafBytes(leaf)));
  }

  accessLeaf(members: Record<string, unknown> = {}): void {
    this.now += 1;
    const entry = JSON.stringify({ at: this.now, actor: 'p-1', role: 'ANALYST', operation: 'CONSULT', ...members });
    const salt = randomBytes(16);
    const digest = createHash('sha256').update(salt).update(entry).digest('base64url');
    this.rows.access.push({ position: this.leaves.access.length, salt: salt.toString('base64url'), entry });
    this.leaves.access.push(new TextDecoder().decode(accessLeafBytes({ v: 1, digest })));
  }

  async *access(epoch: number, from: number) {
    yield* this.of(epoch).access.filter(({ position }) => position >= from);
  }

  async epochs(): Promise<EpochItem[]> {
    const present = { epoch: this.epoch, reason: this.reason, leaves: this.leaves };
    return [...this.ended, present].map(({ epoch, reason, leaves }) => ({
      epoch,
      reason,
      exchange: leaves.exchange.length,
      access: leaves.access.length,
    }));
  }

  async know(peer: FakeNode): Promise<void> {
    this.peers.push({ id: peer.id, configuration: peer.jwt });
    this.leaf('peer', { peer: peer.id, digest: digestOf(peer.jwt) });
  }

  takeAgreement(jws: string): void {
    const digest = digestOf((JSON.parse(jws) as { payload: string }).payload);
    this.agreements.splice(0, this.agreements.length, { digest, jws, acts: [] });
    this.leaf('agreement', { digest });
  }

  /** Issues a statement and releases it to each recipient. */
  async release(to: FakeNode[], kind = 'alert'): Promise<{ statement: string; releases: string[] }> {
    const iat = this.now;
    const uuid = `urn:uuid:01890a5d-ac96-7${randomBytes(2).toString('hex').slice(1)}-8${randomBytes(2).toString('hex').slice(1)}-${randomBytes(6).toString('hex')}`;
    const claims = {
      iss: this.id,
      iat,
      jti: uuid,
      kind,
      ver: '1',
      exercise: true,
      lang: 'en',
      valid_from: iat,
      valid_until: iat + day,
      handling: {},
      legal_basis: [],
      _sd_alg: 'sha-256',
    };
    const jwt = await signCompact(statementTyp, claims, this.signer('statement'));
    const statement = digestOf(jwt);
    this.rows.statements.push({ digest: statement, jwt, own: true });
    this.leaf('issued', { kind, digest: statement });
    const releases: string[] = [];
    for (const peer of to) releases.push(await this.releaseTo(peer, jwt, kind));
    return { statement, releases };
  }

  async releaseTo(peer: FakeNode, statementJwt: string, kind: string): Promise<string> {
    const statement = digestOf(statementJwt);
    const event = {
      statement: statementJwt,
      disclosed: [],
      agreement: { id: 'x', version: 1, digest: digestOf('x') },
      purposes: ['risk'],
      retain_until: this.now + day,
      onward: 'none',
      transfer_basis: 'x',
    };
    const payload = {
      iss: this.id,
      aud: peer.id,
      iat: this.now,
      jti: randomBytes(16).toString('base64url'),
      sub_id: { format: 'uri', uri: `ni:///sha-256;${statement}` },
      events: { [releaseEvent]: event },
    };
    const jwt = await signCompact(releaseTyp, payload, this.signer('release'));
    const digest = digestOf(jwt);
    const feed = this.feed(peer.id);
    const position = feed.entries.push([digest, kind, jwt.length]);
    this.rows.releases.push({ direction: 'out', peer: peer.id, digest, epoch: this.epoch, position, state: 'queued', jwt });
    this.leaf('released', { peer: peer.id, kind, digest, ref: statement, position });
    return digest;
  }

  private feed(peer: string) {
    const feed = this.#feeds.get(peer) ?? { entries: [], paged: 0, chain: chainStart };
    this.#feeds.set(peer, feed);
    return feed;
  }

  /** Signs a page over what is on none yet, and hands it to the peer. */
  async page(peer: FakeNode): Promise<void> {
    const feed = this.feed(peer.id);
    const entries = feed.entries.slice(feed.paged);
    feed.chain = chainOver(
      feed.chain,
      entries.map(([digest]) => digest),
    );
    const first = feed.paged + 1;
    feed.paged = feed.entries.length;
    const { epoch } = this;
    const before = this.#resumed.get(peer.id) ?? { last: 0, chain: chainStart };
    const resumes = first === 1 && this.ended.length > 0 ? { epoch: this.ended.at(-1)!.epoch, ...before, reason: this.reason } : undefined;
    const page = { iss: this.id, aud: peer.id, iat: this.now, epoch, first, entries, chain: feed.chain, ...(resumes && { resumes }) };
    const row = { first, last: feed.paged, jws: await signPage(page, this.signer('release')) };
    this.pagesOf('out', peer.id, epoch).push({ ...row });
    peer.pagesOf('in', this.id, epoch).push({ ...row });
  }

  pagesOf(direction: 'in' | 'out', peer: string, epoch = this.latestOf(direction, peer)) {
    const key = `${direction} ${peer} ${epoch}`;
    const pages = this.rows.pages.get(key) ?? [];
    this.rows.pages.set(key, pages);
    return pages;
  }

  private latestOf(direction: 'in' | 'out', peer: string): number {
    if (direction === 'out') return this.epoch;
    const epochs = [...this.rows.pages.keys()].filter((key) => key.startsWith(`in ${peer} `)).map((key) => Number(key.split(' ')[2]));
    return Math.max(1, ...epochs);
  }

  /** Takes a release in, and gives the sender a receipt. */
  async receive(from: FakeNode, digest: string, verdict: Verdict = 'held', replaces?: string): Promise<string> {
    const { jwt, epoch, position } = from.rows.releases.find((row) => row.digest === digest)!;
    const held = verdict === 'held';
    const op = held ? 'received' : verdict;
    const statementJwt = from.rows.statements.find(({ jwt: text }) => Buffer.from(jwt!.split('.')[1]!, 'base64url').includes(text))!.jwt;
    const statement = digestOf(statementJwt);
    this.now = Math.max(this.now, from.now) + 1;
    const known = this.rows.releases.findIndex((row) => row.digest === digest);
    if (known >= 0) this.rows.releases.splice(known, 1);
    this.rows.releases.push({ direction: 'in', peer: from.id, digest, epoch, position, state: verdict, jwt: held ? jwt : null });
    if (held && !this.rows.statements.some((row) => row.digest === statement)) {
      this.rows.statements.push({ digest: statement, jwt: statementJwt, own: false });
    }
    this.leaf(op, { peer: from.id, digest, ...(held ? { kind: 'alert', ref: statement } : {}) });
    const item = { release: digest, verdict, ...(held ? {} : { code: 'no_agreement' }), ...(replaces === undefined ? {} : { replaces }) };
    const receipt = await signReceipt({ iss: this.id, aud: from.id, iat: this.now, items: [item] }, this.signer('release'));
    this.rows.receipts.push({ direction: 'out', peer: from.id, ...receipt });
    return receipt.digest;
  }

  /** Takes the receipts that a peer has given and that are not here yet. */
  holdReceipts(from: FakeNode): void {
    for (const { digest, jwt, peer, direction } of from.rows.receipts) {
      if (direction !== 'out' || peer !== this.id || this.rows.receipts.some((row) => row.digest === digest)) continue;
      this.now = Math.max(this.now, from.now) + 1;
      this.rows.receipts.push({ direction: 'in', peer: from.id, digest, jwt });
      const { items } = JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as { items: { release: string }[] };
      for (const { release } of items) this.leaf('receipt_held', { peer: from.id, digest, ref: release });
    }
  }

  async withdraw(peer: FakeNode, digest: string): Promise<void> {
    const { epoch, position } = this.rows.releases.find((row) => row.digest === digest)!;
    const note = { iss: this.id, aud: peer.id, iat: this.now, epoch: epoch!, position: position!, digest, code: 'withdrawn' as const };
    const jwt = await signVoid(note, this.signer('release'));
    this.rows.voids.push({ direction: 'out', peer: peer.id, jwt });
    peer.rows.voids.push({ direction: 'in', peer: this.id, jwt });
    this.leaf('voided', { peer: peer.id, digest, position: position! });
  }

  async configuration(): Promise<NodeConfiguration> {
    return { configuration: this.served, peers: this.peers, agreements: this.agreements, epoch: this.epoch };
  }

  async cutCheckpoint(log: LogName): Promise<string> {
    if (log === 'exchange') await this.onCut();
    const head = this.head(log);
    const note = await signCheckpoint(head, this.#logSigners[log]);
    if (!this.cut[log].some(({ size }) => size === head.size)) this.cut[log].push({ size: head.size, note: await this.cosigned(note) });
    return note;
  }

  async consistency(log: LogName, epoch: number, from: number, to: number) {
    const hashes = this.of(epoch).leaves[log].map((leaf) => leafHash(new TextEncoder().encode(leaf)));
    return consistencyProof(from, to, hashesAt(hashes));
  }

  async tile(log: LogName, epoch: number, level: number, index: number, width: number) {
    const { rows } = storedTree(this.of(epoch).leaves[log]);
    const hashes = Array.from({ length: width }, (_, i) => rows.get(`${level}/${index * 256 + i}`));
    return hashes.every((hash) => hash !== undefined) ? new Uint8Array(Buffer.concat(this.onTile(hashes))) : undefined;
  }

  async *checkpoints(log: LogName, epoch: number, from: number) {
    yield* this.of(epoch).cut[log].filter(({ size }) => size >= from);
  }

  async *entries(log: LogName, epoch: number, from: number, end: number) {
    yield* this.of(epoch)
      .leaves[log].slice(from, end)
      .map((leaf, i) => ({ position: from + i, leaf }));
  }

  statements(after?: string) {
    return oneByOne(() => this.rows.statements, after);
  }

  releases(after?: string) {
    return oneByOne(() => this.rows.releases, after);
  }

  receipts(after?: string) {
    return oneByOne(() => this.rows.receipts, after);
  }

  subjectRequests(after?: string) {
    return oneByOne(() => this.rows.subjectRequests, after);
  }

  async voids({ peer, direction }: { peer: string; direction: FeedDirection }) {
    return this.rows.voids.filter((row) => row.peer === peer && row.direction === direction);
  }

  private async cosigned(note: string): Promise<string> {
    const lines = this.witnesses.map((witness) => cosignCheckpoint(note, witness.witness(), this.now));
    return addSignatures(note, await Promise.all(lines));
  }

  private witness(): NoteSigner {
    const key = this.keys.find(({ use }) => use === 'witness')!;
    const publicKey = new Uint8Array(Buffer.from(key.jwk.x, 'base64url'));
    return { key: noteKey(`${new URL(this.id).host}/witness`, signatureType.cosignature, publicKey), sign: this.signer('witness').sign };
  }

  async trail(digest: string): Promise<Trail> {
    const statement = this.rows.statements.find((row) => row.digest === digest);
    if (!statement) throw new AuditorError('not_found', digest);
    const releases = this.rows.releases.filter(({ jwt }) => jwt !== null && partOf(jwt).includes(statement.jwt));
    return { ...statement, releases: releases.map((release) => ({ ...release, receipt: this.receiptFor(release) })) };
  }

  private receiptFor({ direction, digest }: ReleaseItem) {
    const answers = this.rows.receipts.filter((row) => row.direction !== direction && partOf(row.jwt).includes(digest));
    const last = answers.at(-1);
    return last === undefined ? null : { digest: last.digest, jwt: last.jwt };
  }

  async proofs(epoch: number, { digest, ref }: { digest: string; ref?: string }, size?: number): Promise<LeafProof[]> {
    if (epoch === this.epoch) await this.cutCheckpoint('exchange');
    const { leaves, cut } = this.of(epoch);
    const { size: end, note: checkpoint } = cut.exchange.findLast((one) => size === undefined || one.size === size)!;
    const hashes = leaves.exchange.slice(0, end).map((leaf) => leafHash(new TextEncoder().encode(leaf)));
    const speaking = leaves.exchange.slice(0, end).flatMap((leaf, index) => {
      const said = JSON.parse(leaf) as Leaf;
      return said.digest === digest && (ref === undefined || said.ref === ref) ? [{ index, leaf }] : [];
    });
    return await Promise.all(
      speaking.map(async ({ index, leaf }) => {
        const proof = await inclusionProof(index, hashes.length, hashesAt(hashes));
        return { index, leaf, proof: formatTlogProof({ index, proof, checkpoint }) };
      }),
    );
  }

  async *pages({ peer, direction, epoch }: { peer: string; direction: FeedDirection; epoch?: number }, from = 1) {
    const pages = this.pagesOf(direction, peer, epoch).filter(({ last }) => last >= from);
    if (pages.length > 0) yield pages;
  }
}

/** The hashes of a tree as a node stores them, by `level/index`. */
function storedTree(leaves: readonly string[]) {
  const rows = new Map<string, Uint8Array>();
  const frontier = Frontier.empty();
  for (const leaf of leaves) {
    const hash = leafHash(new TextEncoder().encode(leaf));
    rows.set(`0/${frontier.size}`, hash);
    for (const { level, index, hash: root } of frontier.append(hash)) rows.set(`${level}/${index}`, root);
  }
  return { rows };
}

interface Ended {
  epoch: number;
  reason: string;
  leaves: Record<LogName, string[]>;
  cut: Record<LogName, { size: number; note: string }[]>;
  access: Row<AccessItem>[];
}

async function* oneByOne<T>(rows: () => T[], after = '0'): AsyncGenerator<Batch<T>> {
  for (let at = Number(after); at < rows().length; at++) yield { items: [rows()[at]!], next: String(at + 1) };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Payload of a JWT, as text. */
const partOf = (jwt: string): string => Buffer.from(jwt.split('.')[1]!, 'base64url').toString();

/** Of a tree within one tile: nothing above the leaves is stored. */
const hashesAt =
  (hashes: Uint8Array[]) =>
  async (_level: number, index: number, count: number): Promise<Uint8Array[]> =>
    hashes.slice(index, index + count);

/** Two nodes that know each other, share an agreement, and have exchanged a few releases both ways. */
export async function exchange(): Promise<{ a: FakeNode; b: FakeNode; released: { statement: string; releases: string[] }[] }> {
  const [a, b] = [new FakeNode('https://aq-cus.example'), new FakeNode('https://bq-lic.example')];
  for (const node of [a, b]) await node.publish();
  await a.know(b);
  await b.know(a);
  const once = await signAgreement(agreementBetween(a.id, b.id), { party: a.id, signer: a.signer('federation') });
  a.takeAgreement(once);
  const both = await signAgreement(once, { party: b.id, signer: b.signer('federation') });
  for (const node of [a, b]) node.takeAgreement(both);
  const released = [];
  for (let i = 0; i < 5; i++) released.push(await a.release([b]));
  await a.page(b);
  for (const { releases } of released.slice(0, 4)) await b.receive(a, releases[0]!);
  const answer = await b.release([a]);
  await b.page(a);
  await a.receive(b, answer.releases[0]!);
  a.holdReceipts(b);
  b.holdReceipts(a);
  for (const node of [a, b]) {
    node.leaf('pad');
    node.accessLeaf({ purpose: 'CUSTOMS_CONTROL', justification: 'screening of a manifest' });
    node.accessLeaf({ operation: 'SEARCH', purpose: 'CUSTOMS_CONTROL', justification: 'the same case' });
  }
  return { a, b, released };
}

function agreementBetween(...parties: string[]) {
  return {
    id: 'agreement-1',
    version: 1,
    title: 'An agreement',
    instrument: 'Treaty of the invented parties, Article 1',
    parties,
    effective: start,
    expires: start + day,
    grants: [],
    grace_hours: 24,
  };
}
