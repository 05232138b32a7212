/** Erasure that is true, retention by the clock, and what keeps it: on the node of a holder. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from '@entente/postgres';
import { codeList, retentionTerm } from '@entente/statement';
import pg from 'pg';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { audit } from '../src/audit.js';
import { introduce, type Member } from '../src/federation.js';
import { loseDatabase, nodeCommand } from '../src/lost-database.js';
import { recallBy } from '../src/recalling.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, heldByAll, leavesOf, post, seconds, sighting, startAgencies } from './agencies.js';

const settings = { clock_interval_seconds: 1, kek_settle_seconds: 0, recall_erasure: 'officer' };
const federation = await startAgencies(t, ['nl-cus', 'qm-cus'], settings);
const [customs, merovia] = ['nl-cus', 'qm-cus'].map((name) => federation.member(name)) as [Member, Member];
await introduce(federation.members);
await agree(federation.members, arrangement(federation.members.map((m) => m.agency.id)));
const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test looks whether what is gone is gone' };

const given = async (what: string, body: object = {}, handling: object = {}): Promise<string> => {
  const input = sighting(what, body as Record<string, unknown>);
  const statement = await post(customs, { ...input, handling: { ...input.handling, ...handling } }, [merovia.agency.id]);
  await heldByAll(customs, statement);
  return statement;
};

/** The body of a sighting that names a photograph, once that is uploaded. */
async function photographed(seed: string): Promise<{ sha256: string; body: object }> {
  const bytes = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from(seed)]);
  const sha256 = createHash('sha256').update(bytes).digest('base64url');
  await fetch(`${customs.agency.url}/v1/attachments/${sha256}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${customs.tokens.analyst}`, 'content-type': 'image/jpeg' },
    body: bytes,
  });
  const attachment = { id: 'A1', sha256, media_type: 'image/jpeg', bytes: bytes.length, title: 'Seal', data_class: 'N1' };
  return { sha256, body: { attachments: [attachment] } };
}
const download = async (statement: string, sha256: string) => {
  const response = await fetch(`${merovia.agency.url}/v1/statements/${statement}/attachments/${sha256}`, {
    headers: {
      authorization: `Bearer ${merovia.tokens.analyst}`,
      'entente-purpose': why.purpose,
      'entente-justification': why.justification,
    },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return response.ok ? createHash('sha256').update(bytes).digest('base64url') : response.status;
};
const path = (digest: string) => ({ params: { path: { digest } } });
const recallOf = async (statement: string) =>
  (await merovia.api.analyst.GET('/v1/recalls', { params: { query: { limit: 100 } } }).catch(() => undefined))?.data?.items.find(
    (r) => r.statement === statement,
  );
const holderOf = async (statement: string) => (await customs.api.analyst.GET('/v1/recalls/{digest}', path(statement))).data!.holders![0]!;
const waits = (statement: string) =>
  until('the recall waits for an officer', async () => ((await recallOf(statement))?.waits_for_officer ? true : undefined));
const erasuresOf = async (statement: string) =>
  (await merovia.api.head.GET('/v1/statements/{digest}/erasures', path(statement))).data!.items;
const keks = async () =>
  JSON.parse(await readFile(join(merovia.agency.folder, 'secrets', 'kek.json'), 'utf8')) as { current: string; keys: { id: string }[] };

t.test(
  'LC-01 OC-05 where erasing waits for an officer, the use stops at once; an exception keeps it until a date, and then it goes',
  async (t) => {
    const statement = await given('Kept for the court');
    const said = await recallBy(customs, statement, { reason: 'COURT_ORDER', effect: 'ERASE' });
    await waits(said);
    t.equal(await codeOf(merovia.api.content(statement, why)), 'recalled');
    t.match(await holderOf(said), { state: 'PENDING' }, 'the originator sees that the answer is owed');
    t.same(await erasuresOf(statement), []);
    const except = (kept_until: string) =>
      codeOf(
        merovia.api.head.POST('/v1/recalls/{digest}/exception', {
          ...path(said),
          body: { instrument: 'NAT-QM', provision: 'Code of criminal procedure, section 12', kept_until },
        }),
      );
    t.equal(await except('2001-01-01T00:00:00Z'), 'invalid_request');
    await except(new Date((seconds() + 4) * 1000).toISOString().replace(/\.\d+Z/, 'Z'));
    await until('the originator hears of the exception', async () => ((await holderOf(said)).state === 'EXCEPTION' ? true : undefined));
    t.equal(await codeOf(merovia.api.content(statement, why)), 'recalled', 'an exception is for keeping, not for using');
    await merovia.api.head.POST('/v1/recalls/{digest}/execute', path(said));
    await until('the originator hears that it is gone', async () => ((await holderOf(said)).state === 'COMPLIED' ? true : undefined));
    t.equal((await erasuresOf(statement)).length, 1);
  },
);

t.test('a legal hold stops erasure and not restriction, whoever asks', async (t) => {
  const statement = await given('Evidence in proceedings');
  await merovia.api.head.PUT('/v1/statements/{digest}/hold', { ...path(statement), body: { reason: 'Evidence in proceedings 2031-17' } });
  t.equal(
    await codeOf(
      merovia.api.head.PUT('/v1/statements/{digest}/hold', { ...path(statement), body: { reason: 'Once more, for good measure' } }),
    ),
    'conflict',
  );
  const said = await recallBy(customs, statement, { reason: 'DATA_SUBJECT_RIGHT', effect: 'ERASE' });
  await waits(said);
  t.equal(await codeOf(merovia.api.content(statement, why)), 'recalled');
  t.equal(await codeOf(merovia.api.head.POST('/v1/recalls/{digest}/execute', path(said))), 'on_hold');
  const due = (await merovia.api.head.GET('/v1/retention/due', { params: { query: { within_days: 60 } } })).data!.items;
  t.match(
    due.find((item) => item.statement.digest === statement),
    { on_hold: true, retention_class: 'R-ALERT-SHIPMENT' },
  );
  await merovia.api.head.DELETE('/v1/statements/{digest}/hold', path(statement));
  await merovia.api.head.POST('/v1/recalls/{digest}/execute', path(said));
  t.equal((await erasuresOf(statement)).length, 1);
});

/** How many attachments its database has bytes of, and how many without. */
async function attachmentsAt(url: string): Promise<{ stored: number; renewed: number }> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const stored = 'EXISTS (SELECT FROM attachment_chunk c WHERE c.name = a.name)';
    const text = `SELECT count(*) FILTER (WHERE ${stored})::int AS stored, count(*) FILTER (WHERE NOT ${stored})::int AS renewed FROM attachment a`;
    return (await client.query<{ stored: number; renewed: number }>(text)).rows[0]!;
  } finally {
    await client.end();
  }
}

t.test('the retention classes end what is kept: at its originator, and at a recipient who was allowed to keep it longer', async (t) => {
  const due = async (member: Member) =>
    (await member.api.head.GET('/v1/retention/due', { params: { query: { within_days: 3660, limit: 100 } } })).data!.items;
  const posted = new Map<string, { statement: string; at: number }>();
  for (const { code } of codeList('retention-class').codes) {
    const at = seconds();
    posted.set(code, { statement: await given(`Kept as ${code}`, {}, { retention_class: code }), at });
  }
  const [here, there] = [await due(customs), await due(merovia)];
  for (const [id, { statement, at }] of posted) {
    await t.test(`${id} on real nodes`, async (t) => {
      const { maximum, review } = retentionTerm(id);
      const days = (time: string | undefined) => (time === undefined ? undefined : Math.round((Date.parse(time) / 1000 - at) / 86_400));
      const of = (term: number | undefined) => (term === undefined ? undefined : term / 86_400);
      const [own, received] = [here, there].map((items) => items.find((item) => item.statement.digest === statement));
      t.equal(days(own?.erase_at), of(maximum));
      t.equal(days(own?.review_at), of(review));
      t.equal(days(received?.erase_at), Math.min(30, of(maximum) ?? 30), 'thirty days by the agreement, and never longer than its class');
      t.equal(days(received?.review_at), of(review));
    });
  }
});

t.test(
  'F28 a backup from before an erasure gives everything back but what was erased, and every signature and proof still verifies',
  async (t) => {
    const [taken, kept] = [await photographed('taken back'), await photographed('kept')];
    const [gone, stays] = [await given('Gone after the horizon', taken.body), await given('Stays', kept.body)];
    for (const [statement, { sha256 }] of [
      [gone, taken],
      [stays, kept],
    ] as const)
      await until('the photograph came', async () => ((await download(statement, sha256)) === sha256 ? true : undefined));
    const night = join(federation.folder, 'night');
    await nodeCommand(merovia, ['backup', '--folder', night]);
    const old = (await keks()).current;

    const said = await recallBy(customs, gone, { reason: 'UNLAWFUL_PROCESSING', effect: 'ERASE' });
    await waits(said);
    await merovia.api.head.POST('/v1/recalls/{digest}/execute', path(said));
    t.notOk((await erasuresOf(gone))[0]!.no_copy_after, 'the key over it still stands');
    const moved = (await merovia.api.administrator.POST('/v1/retention/horizon')).data!;
    t.same(moved.destroyed, [old]);
    t.ok(moved.rewrapped >= 1);
    t.notOk((await keks()).keys.some(({ id }) => id === old));
    t.ok((await erasuresOf(gone))[0]!.no_copy_after, 'from this date no copy can come back');
    t.equal(((await merovia.api.content(stays, why)).body as { differences: string }).differences, 'Stays');
    const released = (await merovia.api.inbox()).find((item) => item.statement?.digest === gone)!.release;
    t.ok(
      (await leavesOf(merovia)).some(({ op, digest, ref }) => op === 'erased' && digest === gone && ref === released),
      'digest stays',
    );

    await until('every log, signature and feed verifies after the erasure', async () =>
      (await audit([customs, merovia])).findings.length === 0 ? true : undefined,
    );

    const owner = await loseDatabase(federation, merovia, 'second_life');
    t.match(await nodeCommand(merovia, ['restore', '--folder', night]), { erased: { named: 0 } });
    // Every digest, chain, root and signature of the backup was found again, or `restore` had refused it.
    const contents: string[] = [];
    for await (const { table, row } of dump(owner))
      if (table === 'public.content' || table.startsWith('public.content_from')) contents.push(row);
    t.ok(contents.length >= 2 && contents.every((row) => row.includes(old)), 'whatever the backup holds is under the key that is gone');
    await nodeCommand(merovia, ['recover', '--new-epoch', 'Disk lost']);
    await federation.restart('qm-cus');
    t.equal(((await merovia.api.content(stays, why)).body as { differences: string }).differences, 'Stays', 'the living have a key');
    t.ok(['recalled', 'not_found'].includes(String(await codeOf(merovia.api.content(gone, why)))), 'what was erased has none');
    t.equal(await download(stays, kept.sha256), kept.sha256, 'with its photograph');
    t.ok([404, 409, 410].includes(Number(await download(gone, taken.sha256))), 'which has lost its own');
    t.match(
      await attachmentsAt(owner),
      { stored: 1, renewed: 1 },
      'of what no key opens the bytes are destroyed, and nobody takes it for something that is here',
    );
  },
);
