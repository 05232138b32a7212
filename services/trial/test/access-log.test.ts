import { createHash } from 'node:crypto';
import { Frontier, leafHash, openCheckpoint, parseCheckpointText, parseNote } from '@entente/ledger';
import pg from 'pg';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, post, sighting, startAgencies } from './agencies.js';
import { logKey, verifyNote } from './log-key.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic'], { witnessing: { quorum: 1, neutral: [] } });
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
await introduce([customs, licensing]);
await agree([customs, licensing], arrangement([customs, licensing].map(({ agency }) => agency.id)));

const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test of what the access log holds' };
const auditor = customs.api.auditor;
const log = 'access' as const;

interface Entry {
  operation: string;
  actor: string;
  object?: string;
  code?: string;
  purpose?: string;
}

async function everything<T>(page: (from: number) => Promise<{ items: (T & { position: number })[]; next?: number }>): Promise<T[]> {
  const all: T[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const answer = await page(from);
    all.push(...answer.items);
    from = answer.next;
  }
  return all;
}
const entriesOf = () => everything(async (from) => (await auditor.GET('/audit/v1/access', { params: { query: { from } } })).data!);
const leavesOf = (log: 'exchange' | 'access') =>
  everything(async (from) => (await auditor.GET('/audit/v1/entries', { params: { query: { log, from } } })).data!);
const readable = async (): Promise<Entry[]> => (await entriesOf()).map(({ entry }) => JSON.parse(entry!) as Entry);

t.test('F21 logins, reading, searching, exports, key use and refusals: all are entries', async (t) => {
  const statement = await post(customs, sighting('what somebody reads'), [licensing.agency.id]);
  await heldByAll(customs, statement);
  await customs.api.content(statement, why);
  await customs.api.analyst.GET('/v1/statements', { params: { query: { limit: 10 } } });
  const headers = { 'entente-purpose': why.purpose, 'entente-justification': why.justification };
  await customs.api.analyst.POST('/v1/exports', { params: { header: headers }, body: { format: 'ndjson' }, parseAs: 'text' });
  await fetch(`${customs.agency.url}/v1/statements`, { headers: { authorization: 'Bearer not.a.token' } });
  await fetch(`${customs.agency.url}/v1/peers`, { method: 'POST', headers: { authorization: `Bearer ${customs.tokens.analyst}` } });
  const wanted: Partial<Entry>[] = [
    { operation: 'LOGIN', actor: 'officer-41' },
    { operation: 'DISCLOSE', actor: 'officer-41', object: statement },
    { operation: 'CONSULT', actor: 'officer-41', object: statement, purpose: why.purpose },
    { operation: 'SEARCH', actor: 'officer-41' },
    { operation: 'EXPORT', actor: 'officer-41' },
    { operation: 'REFUSED', actor: 'unknown', code: 'token_invalid' },
    { operation: 'REFUSED', actor: 'officer-41', code: 'role_forbidden' },
  ];
  const matches = (entry: Entry, sought: Partial<Entry>) =>
    Object.entries(sought).every(([name, value]) => entry[name as keyof Entry] === value);
  for (const sought of wanted)
    t.ok(
      (await readable()).some((entry) => matches(entry, sought)),
      JSON.stringify(sought),
    );
  const uses = await until('the use of three keys', async () => {
    const used = (await readable()).filter(({ operation }) => operation === 'KEY_USE').map(({ object }) => object!);
    return ['statement ', 'release ', 'content '].every((use) => used.some((object) => object.startsWith(use))) ? used : undefined;
  });
  t.ok(uses.every((object) => /^\w+ [\w-]+: \d+ times$/.test(object)));
});

/** What an auditor finds wrong, from what the node serves and what a partner has cosigned. */
async function findings(partner: Member): Promise<string[]> {
  const found: string[] = [];
  // What is signed is asked for before what it is about: a later checkpoint would cover leaves that were not read. Every read adds an entry.
  const notes = (await auditor.GET('/audit/v1/checkpoints', { params: { query: { log } } })).data!.items;
  const roots = (await auditor.GET('/audit/v1/access-roots')).data!.items;
  const held = (await partner.api.auditor.GET('/audit/v1/peer-checkpoints')).data!.items.find(({ peer }) => peer === customs.agency.id)!;
  const [leaves, entries, exchange] = [await leavesOf('access'), await entriesOf(), await leavesOf('exchange')];
  for (const { position, leaf } of leaves) {
    const { salt, entry } = entries.find((one) => one.position === position) ?? { salt: '', entry: '' };
    const digest = createHash('sha256')
      .update(Buffer.from(salt, 'base64url'))
      .update(entry ?? '')
      .digest('base64url');
    if (digest !== JSON.parse(leaf).digest) found.push(`entry ${position}`);
  }
  const rootOf = (texts: { leaf: string }[], size: number) => {
    const frontier = Frontier.empty();
    for (const { leaf } of texts.slice(0, size)) frontier.append(leafHash(Buffer.from(leaf)));
    return texts.length < size ? 'too short' : Buffer.from(frontier.root()).toString('base64url');
  };
  for (const { note } of notes) {
    const { size, root } = await openCheckpoint(note, logKey(customs, 'access'), verifyNote);
    if (rootOf(leaves, size) !== Buffer.from(root).toString('base64url')) found.push(`access log at ${size}`);
  }
  for (const { size, root } of roots) {
    const anchored = exchange.some(({ leaf }) => JSON.parse(leaf).op === 'access_root' && JSON.parse(leaf).digest === root);
    if (!anchored || rootOf(leaves, size) !== root) found.push(`root of ${size} entries`);
  }
  const cosigned = parseCheckpointText(parseNote(held.note).text);
  if (rootOf(exchange, cosigned.size) !== Buffer.from(cosigned.root).toString('base64url'))
    found.push('exchange log differs from what a partner cosigned');
  return found;
}

t.test('F21 whoever administers the database changes no entry unnoticed, also when every hash is computed again', async (t) => {
  const anchor = await until('the root of the day under a cosigned checkpoint', async () => {
    const [root] = (await auditor.GET('/audit/v1/access-roots')).data!.items;
    const place = (await leavesOf('exchange')).find(({ leaf }) => JSON.parse(leaf).op === 'access_root')?.position;
    const held = (await licensing.api.auditor.GET('/audit/v1/peer-checkpoints')).data!.items.find(({ peer }) => peer === customs.agency.id);
    return root && held?.cosigned_at && place !== undefined && held.size > place ? root : undefined;
  });
  t.same(await findings(licensing), []);
  const database = new pg.Client(customs.agency.databaseUrl.owner);
  await database.connect();
  t.teardown(() => database.end());
  const { rows } = await database.query('SELECT position, entry, salt FROM access_entry WHERE position < 2 ORDER BY position');
  const [first, second] = rows as [{ entry: string; salt: Buffer }, { entry: string; salt: Buffer }];
  const write = (position: number, { entry, salt }: { entry: string; salt: Buffer }) =>
    database.query('UPDATE access_entry SET entry = $2, salt = $3 WHERE position = $1', [position, entry, salt]);

  const forged = { ...first, entry: first.entry.replace(/"actor":"[^"]*"/, '"actor":"somebody-else"') };
  t.not(forged.entry, first.entry);
  await write(0, forged);
  t.same(await findings(licensing), ['entry 0'], 'altered');
  await write(0, second);
  await write(1, first);
  t.same(await findings(licensing), ['entry 0', 'entry 1'], 'reordered');
  await write(1, second);
  await database.query('DELETE FROM access_entry WHERE position = 0');
  t.same(await findings(licensing), ['entry 0'], 'removed');
  await database.query('INSERT INTO access_entry (epoch, position, at, salt, entry) VALUES (1, 0, 0, $1, $2)', [forged.salt, forged.entry]);

  const leaf = JSON.stringify({ digest: createHash('sha256').update(forged.salt).update(forged.entry).digest('base64url'), v: 1 });
  await database.query(`UPDATE log_leaf SET leaf = $1, hash = $2 WHERE log = 'access' AND position = 0`, [
    leaf,
    leafHash(Buffer.from(leaf)),
  ]);
  const recomputed = await findings(licensing);
  t.notOk(recomputed.includes('entry 0'), 'the entry fits its leaf again');
  t.ok(
    recomputed.some((found) => found.startsWith('access log at ')),
    'but no checkpoint, for he has not the key',
  );
  await database.query(`DELETE FROM checkpoint WHERE log = 'access'`);
  t.ok((await findings(licensing)).includes(`root of ${anchor.size} entries`), 'without the checkpoints the root of the day still tells');

  const changed = await leavesOf('access');
  const frontier = Frontier.empty();
  for (const one of changed.slice(0, anchor.size)) frontier.append(leafHash(Buffer.from(one.leaf)));
  const root = Buffer.from(frontier.root());
  await database.query('UPDATE access_root SET root = $1', [root]);
  const exchange = await leavesOf('exchange');
  const anchored = exchange.find((one) => JSON.parse(one.leaf).op === 'access_root')!;
  const rewritten = anchored.leaf.replace(anchor.root, root.toString('base64url'));
  await database.query(`UPDATE log_leaf SET leaf = $1, hash = $2 WHERE log = 'exchange' AND position = $3`, [
    rewritten,
    leafHash(Buffer.from(rewritten)),
    anchored.position,
  ]);
  t.ok(
    (await findings(licensing)).includes('exchange log differs from what a partner cosigned'),
    'and when all of it is rewritten, a partner holds what was',
  );
});
