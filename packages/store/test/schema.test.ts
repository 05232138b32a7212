import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { consistencyProof, leafHash, verifyConsistency } from '@entente/ledger';
import pg from 'pg';
import t from 'tap';
import { type CheckpointToSign, migrate, type StoreEvent, schemaVersion } from '../src/index.js';
import { anyDigest, digestOf, issue, peer, peerA, peerB, received, statement } from './acts.js';
import { startTestServer, type TestDatabase } from './database.js';
import { allLeaves, filled, naiveRoot, parsed } from './tree.js';

const server = await startTestServer();
t.teardown(() => server.stop());

const migrations = fileURLToPath(new URL('../../../../migrations/', import.meta.url));
const roleOf = ({ applicationUrl }: TestDatabase) => new URL(applicationUrl).username;

/** A connection of the application's role that is not the store's. */
async function asApplication(t: { teardown(end: () => unknown): void }, database: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client(database.applicationUrl);
  await client.connect();
  t.teardown(() => client.end());
  return client;
}

t.test('migrating: once, also when two do it at the same time; with data in place; never backwards', async (t) => {
  const database = await server.database({ migrated: false });
  await t.rejects(database.open(), { code: 'schema_older' });
  const applicationRole = roleOf(database);
  const lines: string[] = [];
  const outcomes = await Promise.all([1, 2, 3].map(() => migrate(database.ownerUrl, { applicationRole, log: (line) => lines.push(line) })));
  t.same(outcomes.map(({ from }) => from).sort(), [0, schemaVersion, schemaVersion]);
  t.ok(outcomes.every(({ to }) => to === schemaVersion));
  t.equal(lines.length, schemaVersion);
  const store = await database.open();
  await store.commit(issue([peerA]));

  const directory = await mkdtemp(join(tmpdir(), 'entente-migrations-'));
  t.teardown(() => rm(directory, { recursive: true }));
  await cp(migrations, directory, { recursive: true });
  const next = String(schemaVersion + 1).padStart(4, '0');
  await writeFile(join(directory, `${next}_more.sql`), `ALTER TABLE statement ADD COLUMN more text; SELECT 1 / 0;`);
  await t.rejects(migrate(database.ownerUrl, { applicationRole, directory }), { code: 'bad_value' });
  await writeFile(join(directory, `${next}_more.sql`), `ALTER TABLE statement ADD COLUMN more text;`);
  t.same(await migrate(database.ownerUrl, { applicationRole, directory }), { from: schemaVersion, to: schemaVersion + 1 });
  t.equal((await store.statements({ limit: 10 })).items.length, 1, 'what was there is there');
  t.match(await store.commit(issue([peerA])), { releases: [{ position: 2 }] });

  await t.rejects(migrate(database.ownerUrl, { applicationRole }), { code: 'schema_newer' });
  await t.rejects(database.open(), { code: 'schema_newer' });
  await writeFile(join(directory, `${next}_more.sql`), `ALTER TABLE statement ADD COLUMN other text;`);
  await t.rejects(migrate(database.ownerUrl, { applicationRole, directory }), { code: 'migration_changed' });
  await writeFile(join(directory, `0009_gap.sql`), 'SELECT 1');
  await t.rejects(migrate(database.ownerUrl, { applicationRole, directory }), { code: 'migration_changed' });
});

t.test('the database itself refuses to change history', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const [act, item] = [issue([peerA]), received(peerA, 'held')];
  await store.commit({ ...act, peers: [peer(peerA)], received: [item], receipts: [{ to: peerA, digest: item.receipt, jwt: 'receipt' }] });
  await store.commit({
    receiptsHeld: [{ from: peerA, digest: anyDigest(), jwt: 'x', items: [{ release: act.releases![0]!.digest, verdict: 'held' }] }],
  });
  const client = await asApplication(t, database);
  await client.query(`SET entente.peer = '*'`);
  const { rows } = await client.query<{ name: string }>(`SELECT relname AS name FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`);
  t.ok(rows.length > 30);
  for (const { name } of rows) {
    await t.rejects(client.query(`DELETE FROM "${name}"`), { code: '42501' }, `DELETE ${name}`);
    await t.rejects(client.query(`TRUNCATE "${name}"`), { code: '42501' }, `TRUNCATE ${name}`);
  }
  const changes: [table: string, set: string][] = [
    ['statement', `jwt = 'x'`],
    ['statement_name', 'position = 9'],
    ['content', `ciphertext = ciphertext`],
    ['token', 'content = 9'],
    ['release', 'retain_until = 0'],
    ['offer', 'digest = digest'],
    ['page', `jws = 'x'`],
    ['void', `jwt = 'x'`],
    ['received', `verdict = 'refused'`],
    ['inbox', 'digest = digest'],
    ['receipt', `jwt = 'x'`],
    ['receipt_held', `jwt = 'x'`],
    ['page_in', `jws = 'x'`],
    ['void_in', `jwt = 'x'`],
    ['log_leaf', `leaf = 'x'`],
    ['log_hash', 'hash = hash'],
    ['access_entry', 'entry = NULL'],
    ['checkpoint', `note = 'x'`],
    ['peer_key', 'jwk = jwk'],
    ['peer_configuration', `jwt = 'x'`],
    ['agreement', 'payload = payload'],
    ['agreement_act', `jwt = 'x'`],
    ['denunciation_answer', `jwt = 'x'`],
    ['agreement_told', 'at = 0'],
    ['idempotency', 'status = 200'],
    ['epoch', `reason = 'x'`],
    ['partitioned', 'size = 1'],
    ['migration', 'version = 9'],
  ];
  for (const [table, set] of changes) await t.rejects(client.query(`UPDATE "${table}" SET ${set}`), { code: '42501' }, `UPDATE ${table}`);
  const forbidden = [
    'CREATE TABLE x ()',
    'CREATE TEMPORARY TABLE x ()',
    'DROP TABLE statement',
    'ALTER TABLE statement DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE head DISABLE TRIGGER ALL',
    'SELECT * FROM statement_from_0',
  ];
  for (const text of forbidden) await t.rejects(client.query(text), { code: '42501' }, text);
  const final: [text: string, values?: unknown[]][] = [
    ['UPDATE head SET size = size - 1 WHERE rank = 0'],
    ['UPDATE head SET epoch = epoch - 1'],
    [`UPDATE offer SET verdict = 'refused'`],
  ];
  for (const [text, values] of final) await t.rejects(client.query(text, values), { code: '23001' }, text);
  await store.commit({ voids: [{ to: peerA, epoch: 1, position: 1, digest: act.releases![0]!.digest, code: 'recalled', jwt: 'void' }] });
  await t.rejects(client.query(`UPDATE offer SET state = 'queued'`), { code: '23001' }, 'a void is final');
});

t.test(
  'four eyes: the database takes no release by its author where a second officer was asked for, whatever the program says',
  async (t) => {
    const database = await server.database();
    const store = await database.open();
    const act = issue([peerA]);
    const by = (author: string, releaser: string) => ({
      statements: act.statements!.map((one) => ({ ...one, author, releaser, secondOfficer: true })),
    });
    const released = (author: string, releaser: string) => ({
      releases: act.releases!.map((one) => ({ ...one, author, by: releaser, secondOfficer: true })),
    });
    await t.rejects(store.commit({ ...act, ...by('officer-1', 'officer-1') }));
    await t.rejects(store.commit({ ...act, ...by('officer-1', 'officer-2'), ...released('officer-1', 'officer-1') }));
    const nameless = act.statements!.map((one) => ({ ...one, author: undefined as never, releaser: 'officer-2', secondOfficer: true }));
    await t.rejects(store.commit({ ...act, statements: nameless }), 'nor one whose author nobody knows');
    t.same(await allLeaves(store, 'exchange'), [], 'nothing of it is stored');
    await store.commit({ ...act, ...by('officer-1', 'officer-2'), ...released('officer-1', 'officer-2') });
    const draft = { id: 'draft-1', kind: 'alert', author: 'officer-1', unit: 'U', addressees: [], open: 0 };
    await store.commit({ drafts: [{ ...draft, expectVersion: 0, state: 'submitted' }] });
    const release = (decidedBy: string) => store.commit({ drafts: [{ ...draft, expectVersion: 1, state: 'released', decidedBy }] });
    await t.rejects(release('officer-1'));
    await release('officer-2');
  },
);

t.test('a statement made for a peer sees no row of another', async (t) => {
  const database = await server.database();
  const store = await database.open();
  await store.commit({ ...issue([peerA, peerB, peerB]), received: [received(peerA, 'held'), received(peerB, 'held')] });
  await store.cutPage(peerB, 10, async () => 'page');
  const client = await asApplication(t, database);
  const count = async (table: string) => (await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n;
  t.equal(await count('release'), '0', 'a session that does not say for whom it works sees nothing');
  await client.query(`SET entente.peer = '${peerA}'`);
  t.same(await Promise.all(['release', 'offer', 'received', 'inbox', 'page', 'log_leaf'].map(count)), ['1', '1', '1', '1', '0', '2']);
  await t.rejects(client.query(`INSERT INTO page (peer, epoch, first, last, jws, signed_at) VALUES ('${peerB}', 1, 5, 5, 'x', 0)`), {
    code: '42501',
  });
  await client.query(`SET entente.peer = '*'`);
  t.equal(await count('release'), '3');
});

t.test('partitions are made ahead, by any process, and rows go on over their borders', async (t) => {
  const database = await server.database({ partitionSize: 100 });
  const stores = await Promise.all([1, 2, 3].map(() => database.open({ poolSize: 2 })));
  const acts = Array.from({ length: 300 }, () => issue([peerA]));
  const access = [{ actor: 'a', role: 'OFFICER', operation: 'DISCLOSE' as const }];
  await Promise.all(acts.map((act, i) => stores[i % 3]!.commit({ ...act, access })));
  const [store] = stores;
  const { rows } = await database.owner.query<{ relation: string; upper: string; parts: string }>(`
    SELECT relation, upper, (SELECT count(*) FROM pg_inherits WHERE inhparent = relation::regclass) AS parts FROM partitioned ORDER BY relation`);
  for (const { relation, upper, parts } of rows) t.equal(Number(upper), 100 * Number(parts), relation);
  const upper = (relation: string) => Number(rows.find((row) => row.relation === relation)!.upper);
  t.ok(upper('release') > 300 && upper('log_leaf') > 600 && upper('statement') > 900);
  t.equal((await store!.feed(peerA)).size, 300);
  await filled(store!);
  const leaves = await allLeaves(store!, 'exchange');
  t.same(Buffer.from((await store!.log('exchange')).root), naiveRoot(leaves));
  t.equal((await store!.statements({ limit: 1_000 })).items.length, 300);
  // Indexes, storage and the absence of privileges are those of the first partition.
  const last = `statement_from_${upper('statement') - 100}`;
  const indexes = await database.owner.query(`SELECT FROM pg_index WHERE indrelid = $1::regclass`, [last]);
  t.equal(indexes.rowCount, 3);
  await t.rejects((await asApplication(t, database)).query(`SELECT FROM ${last}`), { code: '42501' });
  t.equal((await store!.log('exchange')).size, 640);
});

t.test('checkpoints are cut over padded leaves, when something was added, by one at a time', async (t) => {
  const database = await server.database();
  const [store, other] = [await database.open(), await database.open()];
  const signed: CheckpointToSign[] = [];
  const sign = async (checkpoint: CheckpointToSign) => {
    signed.push(checkpoint);
    return `note ${checkpoint.size}`;
  };
  const cut = () => store.cutCheckpoint('exchange', sign);
  t.equal(await cut(), false, 'an empty log has no checkpoint');
  t.equal(await store.latestCheckpoint('exchange'), undefined);
  await store.commit(issue([peerA]));
  t.equal(await cut(), true);
  t.equal(await cut(), false, 'only padding was added since');
  const leaves = await allLeaves(store, 'exchange');
  t.equal(leaves.length, 64);
  t.equal(leaves.filter((leaf) => parsed(leaf).op === 'pad').length, 62);
  t.match(signed, [{ epoch: 1, size: 64, root: naiveRoot(leaves) }]);

  await Promise.all(Array.from({ length: 100 }, () => store.commit({ statements: [statement()] })));
  await t.rejects(
    store.cutCheckpoint('exchange', async () => Promise.reject(new Error('the key is not there'))),
    { message: 'the key is not there' },
    'what the signer throws comes back as it is',
  );
  t.equal((await store.log('exchange')).size, 192, 'padded before it is signed');
  await Promise.all(Array.from({ length: 28 }, () => store.commit({ statements: [statement()] })));
  t.equal((await store.log('exchange')).size, 192, 'what came since is in the open block');
  const busy = store.cutCheckpoint('exchange', async (checkpoint) => {
    await store.commit({ statements: [statement()] });
    t.equal(await other.cutCheckpoint('exchange', sign), false, 'another is at it');
    return await sign(checkpoint);
  });
  t.equal(await busy, true);
  const [first, second] = signed as [CheckpointToSign, CheckpointToSign];
  t.match(second, { size: 256, previous: { size: 64, root: first.root } });
  const read = (level: number, index: number, count: number) => store.hashes('exchange', 1, level, index, count);
  verifyConsistency({ from: first, to: second, proof: await consistencyProof(64, 256, read) });
  const all = await allLeaves(store, 'exchange');
  t.equal(all.length, 257);
  t.same(Buffer.from(second.root), naiveRoot(all.slice(0, 256)));
  t.same(await store.hashes('exchange', 1, 1, 0, 1), [second.root]);
  t.same(await store.hashes('exchange', 1, 0, 253, 3), all.slice(253, 256).map(leafHash));
  t.match(await store.latestCheckpoint('exchange'), { epoch: 1, size: 256, note: 'note 256' });
  t.match(await store.checkpoints('exchange', 1, 0, 10), [
    { size: 64, note: 'note 64', cosignatures: [] },
    { size: 256, note: 'note 256', cosignatures: [] },
  ]);
  t.equal(await store.checkpointAt('exchange', 1, 128), undefined);
  for (const [witness, at] of [
    ['https://b.example', 8],
    ['https://a.example', 7],
    ['https://b.example', 9],
  ] as const)
    await store.addCosignature({ epoch: 1, size: 256, witness, line: `line of ${witness}`, at });
  t.same((await store.checkpointAt('exchange', 1, 256))?.cosignatures, [
    { witness: 'https://a.example', line: 'line of https://a.example', at: 7 },
    { witness: 'https://b.example', line: 'line of https://b.example', at: 8 },
  ]);
  const position = all.findIndex((leaf) => parsed(leaf).op === 'issued');
  const about = parsed(all[position]!).digest as string;
  t.same(await store.leavesAbout('exchange', 1, about, 10), [{ position, leaf: all[position] }], 'a leaf by what it speaks of');
  t.match(await store.log('exchange'), { epoch: 1, origin: null, size: 256 });

  await store.commit({ access: [{ actor: 'a', role: 'AUDITOR', operation: 'CONSULT' }] });
  t.equal(await store.cutCheckpoint('access', async () => 'access'), true);
  t.match(await store.latestCheckpoint('access'), { size: 1, note: 'access' });
});

t.test('F08 the place of a leaf tells its block of 64, and nothing of how many came before it', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const places: number[] = [];
  for (let block = 0; block < 24; block++) {
    const others = block % 2 === 0 ? [] : Array.from({ length: 20 }, (_, i) => `https://other-${i}.example`);
    await store.commit(issue([...others, peerA])); // the partner's own leaf is the last one written
    await filled(store);
    const [own] = await store.leavesOfPeer(1, peerA, 64 * block, 1);
    t.equal(Math.floor(own!.position / 64), block);
    places.push(own!.position % 64);
  }
  const [alone, crowded] = [0, 1].map((half) => places.filter((_, i) => i % 2 === half)) as [number[], number[]];
  // In their order they would be at place 1, and at place 21. That one of these never comes before the other has odds of one in millions.
  t.ok(Math.min(...crowded) < Math.max(...alone), places.join(' '));
  t.ok(new Set(alone).size > 3 && new Set(crowded).size > 3, 'all over the block');
});

t.test('notifications reach every process, and a broken connection is made again', async (t) => {
  const database = await server.database();
  const [writer, reader] = [await database.open(), await database.open({ applicationName: 'reader' })];
  const events: StoreEvent[] = [];
  let wake = () => undefined as unknown;
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resume) => (wake = () => resume(undefined)));
  };
  const listener = await reader.listen((event) => {
    events.push(event);
    wake();
  });
  const act = issue([peerA, peerB]);
  await writer.commit(act);
  await until(() => events.length === 2);
  t.same(events.splice(0), [
    { kind: 'feed', peer: peerA },
    { kind: 'feed', peer: peerB },
  ]);
  const item = received(peerA, 'held');
  await writer.commit({ received: [item], receiptsHeld: [{ from: peerB, digest: anyDigest(), jwt: 'x', items: [] }] });
  await writer.commit({ peers: [peer(peerB)] });
  await writer.requeue(peerA, 1, 0);
  await until(() => events.length === 4);
  t.same(
    events.splice(0).map(({ kind, peer }) => `${kind} ${peer}`),
    [`inbox ${peerA}`, `receipt ${peerB}`, `peer ${peerB}`, `feed ${peerA}`],
  );

  const terminate = () => database.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reader'`);
  await terminate();
  await until(() => events.length === 8);
  t.same(
    events.splice(0),
    ['feed', 'inbox', 'peer', 'agreement', 'receipt', 'notice', 'webhook', 'reversal'].map((kind) => ({ kind })),
    'something may have been missed',
  );
  await writer.commit(issue([peerA]));
  await until(() => events.length === 1);
  t.same(events.splice(0), [{ kind: 'feed', peer: peerA }]);

  // Refused for a while: it tries again.
  const role = roleOf(database);
  await database.admin.query(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
  await terminate();
  const failing = new pg.Client(database.applicationUrl);
  await t.rejects(failing.connect(), { code: '53300' });
  await database.admin.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
  await until(() => events.length === 8);
  events.splice(0);
  await listener[Symbol.asyncDispose]();
  const second = await reader.listen((event) => {
    events.push(event);
    wake();
  });
  await writer.commit(issue([peerB]));
  await until(() => events.length === 1);
  t.same(events, [{ kind: 'feed', peer: peerB }], 'who stopped listening is not told');
  await second[Symbol.asyncDispose]();
});

t.test('claims: one process at a time, until it lets go or dies', async (t) => {
  const database = await server.database();
  const [one, two] = [await database.open({ applicationName: 'one' }), await database.open()];
  const claim = await one.claim('pull');
  t.ok(claim);
  t.same([await one.claim('pull'), await two.claim('pull')], [undefined, undefined]);
  const other = await two.claim('checkpoint');
  t.ok(other);
  await claim![Symbol.asyncDispose]();
  await claim![Symbol.asyncDispose]();
  const taken = await two.claim('pull');
  t.ok(taken);
  t.equal(await one.claim('pull'), undefined);
  await taken![Symbol.asyncDispose]();

  const held = (await one.claim('pull'))!;
  const lost = once(held.lost, 'abort');
  await database.admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'one'`);
  await lost;
  t.equal(held.lost.aborted, true);
  const successor = await two.claim('pull');
  t.ok(successor, 'the server has freed it');
  await held[Symbol.asyncDispose]();
  t.equal(await one.claim('pull'), undefined);
  await one[Symbol.asyncDispose]();
  await two[Symbol.asyncDispose]();
});

t.test('peers and keys: a key has one owner and one use, and what has ended stays ended', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const a = peer(peerA);
  const [statementKey, releaseKey] = a.keys as [(typeof a.keys)[0], (typeof a.keys)[0]];
  await store.commit({ peers: [a] });
  t.same(await store.peers(), [{ ...a, keys: [...a.keys].sort((x, y) => (x.kid < y.kid ? -1 : 1)), pinnedAt: database.clock.now }]);
  t.match((await allLeaves(store, 'exchange')).map(parsed), [{ op: 'peer', peer: peerA, digest: digestOf(a.configuration) }]);

  const b = peer(peerB);
  await t.rejects(store.commit({ peers: [{ ...b, keys: [statementKey] }] }), { code: 'key_not_unique' });
  await t.rejects(store.commit({ peers: [{ ...b, certificates: a.certificates }] }), { code: 'key_not_unique' });
  await t.rejects(store.commit({ peers: [{ ...a, keys: [{ ...statementKey, use: 'log' }] }] }), { code: 'key_not_unique' });
  await t.rejects(store.commit({ ownKeys: [statementKey] }), { code: 'key_not_unique' });
  t.same(
    (await store.peers()).map(({ id }) => id),
    [peerA],
  );

  database.clock.now += 10;
  const renewed = {
    ...a,
    name: 'Licensing',
    configuration: 'second',
    configurationIat: a.configurationIat + 1,
    keys: [{ ...statementKey, revokedAt: 1_800_000_000, compromisedFrom: 1_799_000_000 }],
    certificates: [{ fingerprint: digestOf('second'), pem: 'PEM 2' }],
  };
  await store.commit({ peers: [renewed] });
  await store.commit({ peers: [{ ...renewed, configuration: 'third', configurationIat: a.configurationIat + 2, keys: [statementKey] }] });
  await t.rejects(store.commit({ peers: [a] }), { code: 'stale' }, 'a configuration older than the last accepted');
  const [known] = await store.peers();
  t.match(known, { name: 'Licensing', configuration: 'third', pinnedAt: database.clock.now - 10, certificates: renewed.certificates });
  t.match(
    known!.keys.find(({ kid }) => kid === statementKey.kid),
    { revokedAt: 1_800_000_000, compromisedFrom: 1_799_000_000 },
  );
  t.equal(known!.keys.find(({ kid }) => kid === releaseKey.kid)?.use, 'release', 'old keys verify for ever');

  const own = { ...statementKey, kid: digestOf('own') };
  await store.commit({ ownKeys: [own] });
  await t.rejects(store.commit({ peers: [{ ...b, keys: [own] }] }), { code: 'key_not_unique' });
  await store.commit({ ownKeys: [{ ...own, notAfter: 1_850_000_000, revokedAt: 1_810_000_000 }] });
  t.same(await store.ownKeys(), [{ ...own, notAfter: 1_850_000_000, revokedAt: 1_810_000_000 }]);
  const keys = (await allLeaves(store, 'exchange')).map(parsed).filter(({ op, digest }) => op === 'key' && digest === own.kid);
  t.ok(keys.length > 0);
});
