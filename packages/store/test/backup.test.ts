import { createHash, randomBytes } from 'node:crypto';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { backUp, closeUntilRecovered, type Manifest, type PageToSign, pendingRestoration, recover, restore } from '../src/index.js';
import { anyDigest, issue, peer, peerA, peerB, received, sealed, self } from './acts.js';
import { startTestServer, type TestDatabase } from './database.js';
import { allLeaves, naiveRoot, parsed } from './tree.js';

const server = await startTestServer();
const folder = await mkdtemp(join(tmpdir(), 'entente-backup-'));
t.teardown(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

let made = 0;
const place = () => join(folder, `backup-${++made}`);
const now = 1_800_000_500;
const signed = async () => undefined;
const back = (from: TestDatabase, options: { final?: boolean; folder?: string } = {}) => {
  const into = options.folder ?? place();
  return backUp({ url: options.final ? from.ownerUrl : from.applicationUrl, folder: into, entityId: self, now, ...options }).then(
    (manifest) => ({ into, manifest }),
  );
};
const restoreInto = (database: TestDatabase, from: string, more: object = {}) =>
  restore({ ownerUrl: database.ownerUrl, folder: from, entityId: self, now: now + 100, verifyCheckpoint: signed, ...more });
const recovering = (database: TestDatabase, newEpoch?: { reason: string; origin: (log: string, epoch: number) => string; after: number }) =>
  recover({ url: database.applicationUrl, now: now + 200, random: randomBytes, findings: [], ...(newEpoch && { newEpoch }) });
const reason = 'the disk broke';
const anew = { reason, origin: (_log: string, epoch: number) => `nl-cus.example/log/${epoch}`, after: 0 };
/** Minutes since 1970. */
const second = Math.floor((now + 200) / 60);

/** A node with a bit of everything: several partitions, an erased content, signed pages, checkpoints, what came in. */
async function filled(): Promise<TestDatabase> {
  const database = await server.database({ partitionSize: 20 });
  const store = await database.open();
  await store.commit({ peers: [peer(peerA), peer(peerB)] });
  const acts = Array.from({ length: 50 }, () => issue([peerA, peerB]));
  await Promise.all(acts.map((act) => store.commit({ ...act, access: [{ actor: 'officer-1', role: 'ANALYST', operation: 'DISCLOSE' }] })));
  const came = [received(peerA, 'held', { retainUntil: now + 50 }), received(peerB, 'held', { retainUntil: now + 5000 })];
  await store.commit({
    received: came,
    receipts: came.map((one) => ({ to: one.from, digest: one.receipt, jwt: 'receipt' })),
    contents: came.map((one) => ({ ref: one.digest, statement: acts[0]!.statements![0]!.digest, sealed: sealed(), tokens: [] })),
  });
  await store.commit({ erasures: [{ ref: acts[1]!.contents![0]!.ref }] });
  while (await store.cutPage(peerA, 30, async () => 'page'));
  for (const log of ['exchange', 'access'] as const) await store.cutCheckpoint(log, async ({ size }) => `note of ${size}`);
  await store.commit(issue([peerA])); // beyond page and checkpoint
  return database;
}

const source = await filled();

/** Every row of every table, in an order that depends on nothing but the rows. */
async function contentOf(database: TestDatabase, tables: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of tables) {
    const { rows } = await database.owner.query<{ all: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(r::text, chr(10) ORDER BY r::text)), '') AS all FROM "${table}" r`,
    );
    found[table] = rows[0]!.all;
  }
  return found;
}

t.test('what is backed up comes back, row for row, into another database, however it is partitioned', async (t) => {
  const { into, manifest } = await back(source);
  t.same(manifest.kek_ids, ['kek-1']);
  t.equal(manifest.schema.version, manifest.schema.migrations.length);
  t.equal((await stat(into)).mode & 0o077, 0);
  for (const file of await readdir(into)) t.equal((await stat(join(into, file))).mode & 0o077, 0, file);
  t.equal((await readdir(folder)).length, 1, 'nothing half made lies about');
  t.equal((await source.owner.query(`SELECT FROM pg_class WHERE relkind = 'S'`)).rowCount, 0, 'no sequence: all there is is in tables');
  const target = await server.database();
  const expired: unknown[] = [];
  const done = await restoreInto(target, into, { now, verifyCheckpoint: async (c: unknown) => void expired.push(c) });
  t.same(done.erased, { named: 0, expired: 0 });
  t.match(expired, [{ log: 'access', note: 'note of 50' }, { log: 'exchange' }]);
  const tables = manifest.tables.map(({ table }) => table).filter((table) => table !== 'restoration');
  t.same(await contentOf(target, tables), await contentOf(source, tables));
  const triggers = await target.owner.query(`SELECT FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'`);
  t.equal(triggers.rowCount, 0, 'the rules of the living hold again');
});

t.test('the node may go on while it is backed up: the backup is of one moment', async (t) => {
  const store = await source.open();
  const acts = Array.from({ length: 40 }, () => issue([peerA]));
  const [{ into }] = await Promise.all([back(source), ...acts.map((act) => store.commit(act))]);
  const target = await server.database();
  await restoreInto(target, into);
  t.ok(await pendingRestoration(target.applicationUrl), 'chains and roots fit their heads, else it would have been refused');
});

t.test('F31 a restored database adds nothing until it is recovered, and goes on in a new epoch without a fork', async (t) => {
  const { into, manifest } = await back(source);
  const target = await server.database();
  const named = (
    await source.owner.query<{ ref: Buffer }>('SELECT ref FROM content_name WHERE erased_at IS NULL ORDER BY position LIMIT 1')
  ).rows[0]!.ref;
  const { erased } = await restoreInto(target, into, { erased: [named.toString('base64url')] });
  t.same(erased, { named: 1, expired: 1 }, 'what was erased since, and what is past its retention, does not come back');
  t.match(await pendingRestoration(target.applicationUrl), { number: 1, cause: 'restored', takenAt: now });
  const store = await target.open();
  const old = manifest.logs.find(({ log }) => log === 'exchange')!;
  await t.rejects(store.commit(issue([peerA])), { code: 'not_recovered' });
  await t.rejects(store.commit({ access: [{ actor: 'a', role: 'ANALYST', operation: 'LOGIN' }] }), { code: 'not_recovered' });
  await t.rejects(
    store.cutPage(peerA, 10, async () => 'page'),
    { code: 'not_recovered' },
  );
  await t.rejects(
    store.cutCheckpoint('exchange', async () => 'note'),
    { code: 'not_recovered' },
  );
  const client = await target.owner.connect();
  await t.rejects(client.query(`INSERT INTO checkpoint VALUES ('exchange', 1, 9, '\\x00'::bytea, 'x', 1)`), { code: '55000' });
  client.release();
  t.equal((await store.log('exchange')).size, old.size, 'the history is readable, and as long as it was');
  const history = await allLeaves(store, 'exchange');

  t.match(await recovering(target, anew), { epoch: second, restoration: { number: 1 } });
  t.equal(await pendingRestoration(target.applicationUrl), undefined);
  t.match(await store.log('exchange'), { epoch: second, origin: `nl-cus.example/log/${second}`, size: 0 });
  const leaves = (await allLeaves(store, 'exchange')).map(parsed);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
  const ended = `nl-cus.example/log/1\n${old.size}\n${Buffer.from(old.root, 'base64url').toString('base64')}\n`;
  t.match(leaves[0], { op: 'epoch', digest: sha256(reason), ref: sha256(ended) }, 'the new log says how the old one ended');
  t.same(
    leaves.slice(1).map(({ op }) => op),
    ['access_root', 'erased', 'erased'],
  );
  t.match(await store.commit(issue([peerA])), { releases: [{ epoch: second, position: 1 }] });
  t.match(await store.feed(peerA), { epoch: second, size: 1, paged: 0 });
  const pages: PageToSign[] = [];
  await store.cutPage(peerA, 10, async (page) => String(pages.push(page)));
  t.match(pages, [{ epoch: second, first: 1, resumes: { epoch: 1, reason } }], 'the first page says what it resumes');
  t.equal(Buffer.from(pages[0]!.resumes!.chain).toString('base64url'), await store.chainAt(peerA, 1, pages[0]!.resumes!.last));
  t.same(
    (await store.leaves('exchange', 1, 0, 10_000)).map(({ leaf }) => leaf),
    history,
    'nothing was added to the old epoch',
  );
  t.same(naiveRoot((await store.leaves('exchange', 1, 0, old.size)).map(({ leaf }) => leaf)).toString('base64url'), old.root);
  await t.rejects(recovering(target, anew), { code: 'unknown_reference' }, 'once');

  const again = await server.database();
  const next = await back(target);
  await restoreInto(again, next.into);
  t.match(await pendingRestoration(again.applicationUrl), { number: 2 }, 'a backup of a recovered node is as good as any');
  t.match(await recovering(again, anew), { epoch: second + 1 });
});

t.test('F31 a database that turns out to be an old copy is closed until it is recovered, too', async (t) => {
  const database = await filled();
  t.match(await closeUntilRecovered(database.ownerUrl, now), { number: 1, cause: 'restored', takenAt: 0 });
  t.match(await closeUntilRecovered(database.ownerUrl, now + 9), { number: 1, at: now }, 'once');
  const store = await database.open();
  await t.rejects(store.commit(issue([peerA])), { code: 'not_recovered' });
  await recovering(database, anew);
  await store.commit(issue([peerA]));
});

t.test('what a peer gave is given back to it: its own receipts and releases, since a time, in pages', async (t) => {
  const database = await server.database();
  const store = await database.open();
  await store.commit({ peers: [peer(peerA), peer(peerB)] });
  const act = issue([peerA]);
  await store.commit(act);
  const receipts = Array.from({ length: 3 }, (_, i) => ({ from: peerA, digest: anyDigest(), jwt: `receipt ${i}`, items: [] }));
  await store.commit({ receiptsHeld: receipts });
  const came = [received(peerA, 'held'), received(peerB, 'held'), received(peerA, 'refused'), received(peerA, 'held')];
  await store.commit({ received: came, receipts: came.map((one) => ({ to: one.from, digest: one.receipt, jwt: 'mine', sent: true })) });
  const first = await store.receiptsFrom(peerA, { since: 0, limit: 2 });
  t.same(
    first.items,
    receipts.slice(0, 2).map(({ digest, jwt }) => ({ digest, jwt })),
  );
  t.match(await store.receiptsFrom(peerA, { since: 0, limit: 2, after: first.next! }), { items: [{ jwt: 'receipt 2' }], next: undefined });
  t.same((await store.receiptsFrom(peerA, { since: 4_000_000_000, limit: 2 })).items, []);
  t.same((await store.receiptsFrom(peerB, { since: 0, limit: 2 })).items, [], 'nothing of another');
  t.same(
    (await store.releasesFrom(peerA, { since: 0, limit: 9 })).items.map(({ digest }) => digest),
    [came[0]!.digest, came[3]!.digest],
    'what was refused was not kept',
  );
  t.same(await store.unsentReceipts(peerA), [], 'what a peer gave back is not sent to it again');
});

t.test('a final backup closes the database that it was taken of', async (t) => {
  const database = await filled();
  const store = await database.open();
  const { into } = await back(database, { final: true });
  await t.rejects(store.commit(issue([peerA])), { code: 'not_recovered' });
  const again = await back(database, { final: true });
  t.ok(again.manifest.final, 'one that failed half way is taken again');
  const target = await server.database();
  await restoreInto(target, into);
  t.match(await pendingRestoration(target.applicationUrl), { number: 2, cause: 'taken_over' });
  await t.rejects(back(target, { final: true }), { code: 'not_recovered' }, 'only the living one can be given on');
  await recovering(target);
  const before = await allLeaves(store, 'exchange');
  const living = await target.open();
  t.match(await living.commit(issue([peerA])), { releases: [{ epoch: 1 }] });
  const added = (await allLeaves(living, 'exchange')).map(parsed).filter(({ n }) => !before.some((leaf) => parsed(leaf).n === n));
  t.same(
    added.map(({ op }) => op).sort(),
    ['erased', 'issued', 'released'],
    'the same history goes on, with the erasure of what had expired',
  );
  t.match(await pendingRestoration(database.applicationUrl), { cause: 'given_away' }, 'and here it does not');
  t.equal((await living.log('exchange')).epoch, 1);
});

t.test('what is not as it was written is refused, and nothing of it stays', async (t) => {
  const { into } = await back(source);
  const target = await server.database();
  const copy = async () => {
    const to = place();
    await cp(into, to, { recursive: true });
    return to;
  };
  const manifestOf = async (of: string) => JSON.parse(await readFile(join(of, 'manifest.json'), 'utf8')) as Manifest;
  /** The attacker knows the manifest, too. */
  async function forged(table: string, change: (text: string) => string): Promise<string> {
    const to = await copy();
    const manifest = await manifestOf(to);
    const entry = manifest.tables.find((one) => one.table === table)!;
    const bytes = gzipSync(change(gunzipSync(await readFile(join(to, entry.file))).toString()));
    await writeFile(join(to, entry.file), bytes);
    entry.sha256 = createHash('sha256').update(bytes).digest('base64url');
    await writeFile(join(to, 'manifest.json'), JSON.stringify(manifest));
    return to;
  }
  const refused = async (from: string, code: string, what: string) => {
    await t.rejects(restoreInto(target, from), { code }, what);
    t.equal((await target.owner.query('SELECT FROM statement')).rowCount, 0, `${what}: nothing stays`);
  };

  const flipped = await copy();
  const bytes = await readFile(join(flipped, 'statement.copy.gz'));
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(join(flipped, 'statement.copy.gz'), bytes);
  await refused(flipped, 'backup_damaged', 'a bit');
  const without = await copy();
  await rm(join(without, 'page.copy.gz'));
  await refused(without, 'backup_damaged', 'a file');
  await rm(join(without, 'manifest.json'));
  await refused(without, 'backup_unfit', 'no manifest');
  const lines = (text: string) => text.split('\n');
  await refused(
    await forged('statement', (text) => text.replace(/statement\./, 'Statement.')),
    'backup_damaged',
    'a statement, hash forged',
  );
  await refused(
    await forged('log_leaf', (text) => text.replace('"op":"issued"', '"op":"erased"')),
    'backup_damaged',
    'a leaf, hash forged',
  );
  await refused(await forged('log_leaf', (text) => lines(text).slice(1).join('\n')), 'backup_damaged', 'a leaf less');
  await refused(await forged('release', (text) => lines(text).slice(1).join('\n')), 'backup_damaged', 'a release less');
  await refused(await forged('checkpoint', (text) => text.replace(/\\\\x../, '\\\\x00')), 'backup_damaged', 'another root');
  const refusing = async () => {
    throw new Error('not our signature');
  };
  await t.rejects(restoreInto(target, into, { verifyCheckpoint: refusing }), { message: 'not our signature' });
  await t.rejects(restoreInto(target, into, { entityId: peerA }), { code: 'backup_unfit' });
  const elsewhere = await copy();
  const manifest = await manifestOf(elsewhere);
  manifest.schema.migrations.push({ name: '0999_more.sql', sha256: 'x' });
  await writeFile(join(elsewhere, 'manifest.json'), JSON.stringify(manifest));
  await refused(elsewhere, 'backup_unfit', 'a newer schema');
  await t.rejects(restoreInto(source, into), { code: 'not_empty' });
  await t.rejects(restoreInto(await server.database({ migrated: false }), into), { code: 'schema_older' });
  await t.rejects(back(source, { folder: into }), { code: 'not_empty' }, 'a backup never overwrites one');
  await chmod(into, 0o700);
  await restoreInto(target, into);
});
