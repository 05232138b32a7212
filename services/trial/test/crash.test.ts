/** Nodes that are killed without warning at each step of an exchange, and come back through the normal start. */
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { apiOf } from '../src/api.js';
import { audit } from '../src/audit.js';
import { introduce, type Member } from '../src/federation.js';
import { serveSecond } from '../src/second-process.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, leavesOf, post, sighting, startAgencies } from './agencies.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic']);
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
await introduce(federation.members);
await agree(federation.members, arrangement([customs.agency.id, licensing.agency.id]));
await heldByAll(customs, await post(customs, sighting('before anything goes wrong'), [licensing.agency.id]));

const killedAt = (step: string) => ({ env: { ENTENTE_KILL_AT: step } });
/** Everything that an acknowledged post promised, by digest of the statement. */
const acknowledged: string[] = [];

async function sayingSo(member: Member, differences: string): Promise<string[]> {
  const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test counts what a crash left' };
  const { items } = (await member.api.analyst.GET('/v1/statements', { params: { query: { limit: 500 } } })).data!;
  const contents = await Promise.all(items.map(async ({ digest }) => [digest, (await member.api.content(digest, why)).body] as const));
  return contents.filter(([, body]) => (body as { differences?: string }).differences === differences).map(([digest]) => digest);
}

/** Rows of the table of received releases, read while the node is down. */
async function durableCopies({ agency }: Member, release: string): Promise<number> {
  const client = new pg.Client({ connectionString: agency.databaseUrl.owner });
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT 1 FROM received WHERE digest = $1 AND verdict = 'held'`, [
      Buffer.from(release, 'base64url'),
    ]);
    return rows.length;
  } finally {
    await client.end();
  }
}

const countOf = async (member: Member, op: string, digest: string): Promise<number> =>
  (await leavesOf(member)).filter((leaf) => leaf.op === op && leaf.digest === digest).length;
/** A receipt has a digest of its own; its leaf refers to the release. */
const receiptsOf = async (member: Member, release: string): Promise<number> =>
  (await leavesOf(member)).filter((leaf) => leaf.op === 'receipt_held' && leaf.ref === release).length;

const issuing = ['issue.decided', 'issue.signed', 'issue.released', 'issue.stored'];
const receiving = ['pull.answered', 'receive.judged', 'receive.signed', 'receive.stored', 'pull.settled'];
const delivering = ['deliver.offered', 'deliver.answered', 'deliver.opened', 'deliver.receipts'];
/** Walked by the test that F17 names. */
const elsewhere = ['attachment.piece'];
/** Steps after which the receiver's copy is on its disk. */
const durable = ['receive.stored', 'pull.settled'];

t.test('F11 every boundary that the code of the node names is walked here', async (t) => {
  const flows = new URL('../../../node/src/', import.meta.url);
  const files = (await readdir(flows, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const sources = await Promise.all(files.map((name) => readFile(new URL(name, flows), 'utf8')));
  const named = sources.flatMap((text) => [...text.matchAll(/\bstep\('([a-z.]+)'\)/g)].map(([, name]) => name));
  t.same(new Set(named), new Set([...issuing, ...receiving, ...delivering, ...elsewhere]));
});

for (const step of issuing) {
  t.test(`F11 the issuing node is killed at ${step}: the same post again is one statement, released once`, async (t) => {
    await customs.node.stop();
    await federation.restart('nl-cus', killedAt(step));
    const words = `killed at ${step}`;
    const input = sighting(words);
    const key = `crash-${step}`;
    await t.rejects(post(customs, input, [licensing.agency.id], key), 'nothing is acknowledged');
    t.equal(await customs.node.ended, 'SIGKILL');
    await federation.restart('nl-cus');
    const left = await sayingSo(customs, words);
    t.equal(left.length, step === 'issue.stored' ? 1 : 0, 'all of it is there, or nothing');
    const digest = await post(customs, input, [licensing.agency.id], key);
    acknowledged.push(digest);
    t.same(await sayingSo(customs, words), [digest], 'one statement');
    await heldByAll(customs, digest);
    t.equal((await customs.api.releases(digest)).length, 1);
    t.equal(await countOf(customs, 'issued', digest), 1, 'one leaf');
    t.same(await sayingSo(licensing, words), [digest], 'held once');
  });
}

for (const step of receiving) {
  t.test(`F11 the receiving node is killed at ${step}: no receipt without a durable copy, and one receipt in the end`, async (t) => {
    await licensing.node.stop();
    await federation.restart('de-lic', killedAt(step));
    const words = `killed at ${step}`;
    const digest = await post(customs, sighting(words), [licensing.agency.id]);
    acknowledged.push(digest);
    t.equal(await licensing.node.ended, 'SIGKILL');
    const [release] = await customs.api.releases(digest);
    t.equal(release!.state, 'queued', 'the sender has no receipt');
    t.equal(await durableCopies(licensing, release!.release), durable.includes(step) ? 1 : 0);
    await federation.restart('de-lic');
    await heldByAll(customs, digest);
    t.equal(await countOf(licensing, 'received', release!.release), 1, 'received once');
    t.equal(await receiptsOf(customs, release!.release), 1, 'one receipt');
    t.same(await sayingSo(licensing, words), [digest], 'held once');
  });
}

for (const step of delivering) {
  t.test(`F11 the sender is killed at ${step}: what was offered or receipted comes again and changes nothing`, async (t) => {
    await customs.node.stop();
    await federation.restart('nl-cus', killedAt(step));
    const input = sighting(`killed at ${step}`);
    const key = `crash-${step}`;
    await post(customs, input, [licensing.agency.id], key).catch(() => undefined); // the answer may be faster than the end
    t.equal(await customs.node.ended, 'SIGKILL');
    await federation.restart('nl-cus');
    const digest = await post(customs, input, [licensing.agency.id], key);
    acknowledged.push(digest);
    await heldByAll(customs, digest);
    const [release] = await customs.api.releases(digest);
    t.equal(await countOf(customs, 'issued', digest), 1, 'issued once');
    t.equal(await countOf(licensing, 'received', release!.release), 1, 'received once');
    t.equal(await receiptsOf(customs, release!.release), 1, 'one receipt in the log');
  });
}

t.test('F11 two processes of one agency share the work and the log; one is killed, and the other goes on', async (t) => {
  const second = await serveSecond(customs.agency);
  t.teardown(() => second.node.stop());
  const api = apiOf(second, customs.tokens);
  const by = (process: Member['api'], words: string) => post({ ...customs, api: process }, sighting(words), [licensing.agency.id]);
  const words = Array.from({ length: 10 }, (_, i) => `shared work ${i}`);
  const shared = await Promise.all(words.flatMap((text) => [by(customs.api, `${text} of the first`), by(api, `${text} of the second`)]));
  await customs.node.kill();
  const alone = await by(api, 'posted when the first is dead');
  const answer = await post(licensing, sighting('pulled when the first is dead'), [customs.agency.id]);
  await heldByAll(licensing, answer, 60); // the second takes the feed over, and receipts it
  await federation.restart('nl-cus');
  acknowledged.push(...shared, alone);
  for (const digest of [...shared, alone]) {
    await heldByAll(customs, digest);
    t.equal(await countOf(customs, 'issued', digest), 1);
  }
  const { verified, findings } = await audit(federation.members);
  t.same([verified.length, findings], [2, []], 'one log without gaps');
});

t.test('F11 after all of it: everything acknowledged is held once, and the feed is whole', async (t) => {
  for (const digest of acknowledged)
    t.same(
      (await customs.api.releases(digest)).map((release) => release.state),
      ['held'],
    );
  const incoming = await until('the last page', async () => {
    const feed = (await licensing.api.administrator.GET('/v1/feeds')).data!.items[0]!.incoming;
    return feed.last === acknowledged.length + 1 ? feed : undefined;
  });
  t.match(incoming, { complete: true, missing: [], unannounced: [] });
});
