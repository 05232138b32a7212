/** A node that lost its database, with a backup of the day before, among partners that went on. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { kinds } from '@entente/statement';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { audit } from '../src/audit.js';
import { introduce, type Member } from '../src/federation.js';
import { loseDatabase, nodeCommand } from '../src/lost-database.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, leavesOf, post, seconds, sighting, startAgencies } from './agencies.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic', 'qm-cus']);
const [customs, licensing, coast] = ['nl-cus', 'de-lic', 'qm-cus'].map((name) => federation.member(name)) as [Member, Member, Member];
await introduce(federation.members);
await agree(federation.members, arrangement(federation.members.map((member) => member.agency.id)));
/** In force now, as an example of the kind is not. */
const lately = () => {
  const at = (days: number) => new Date((seconds() + days * 86_400) * 1000).toISOString().replace('.000Z', 'Z');
  return { valid_from: at(0), valid_until: at(20) };
};
const night = join(federation.folder, 'night');

const held = async (member: Member, fits: (statement: string) => boolean) =>
  (await member.api.analyst.GET('/v1/inbox', { params: { query: { limit: 500 } } })).data!.items.filter((item) =>
    fits(item.statement?.digest ?? ''),
  );
const arrived = (member: Member, statement: string) =>
  until(`${statement} at ${member.agency.name}`, async () => ((await held(member, (s) => s === statement)).length > 0 ? true : undefined));
const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test compares what came back with what was sent' };

const before = await post(customs, sighting('Before the backup'), [licensing.agency.id, coast.agency.id]);
const theirs = await post(licensing, sighting('From the partner, before'), [customs.agency.id]);
await heldByAll(customs, before);
await heldByAll(licensing, theirs);

t.test('a backup is of one moment, holds no key, and is refused where something lies', async (t) => {
  const made = await nodeCommand(customs, ['backup', '--folder', night]);
  t.match(made, { final: false, schema: Number, logs: [{ log: 'exchange', epoch: 1 }, { log: 'access' }] });
  t.match(await nodeCommand(customs, ['backup', '--folder', night], 1), { error: { code: 'not_empty', advice: String } });
  const secrets = join(customs.agency.folder, 'secrets');
  const kek = JSON.parse(await readFile(join(secrets, 'kek.json'), 'utf8'));
  t.same(made.kek_ids, [kek.current]);
  const inside = await Promise.all(
    (await readdir(night)).map((file) => readFile(join(night, file)).then((b) => (file.endsWith('.gz') ? gunzipSync(b) : b))),
  );
  const keys = await Promise.all(
    (await readdir(join(secrets, 'keys'))).filter((f) => f.endsWith('.json')).map((f) => readFile(join(secrets, 'keys', f), 'utf8')),
  );
  const private_ = [kek.keys[0].key, ...keys.map((text) => JSON.parse(text).d)];
  t.ok(
    private_.every((key) => typeof key === 'string' && !inside.some((bytes) => bytes.includes(key))),
    'no private key, no key-encryption key',
  );
});

t.test(
  'F31 own backup restored: it signs nothing until it has asked, takes back what partners hold, and goes on in a new epoch',
  async (t) => {
    const after = await post(customs, sighting('After the backup'), [licensing.agency.id, coast.agency.id]);
    const alone = await post(customs, sighting('After the backup, to one'), [coast.agency.id]);
    const reply = await post(licensing, sighting('From the partner, after'), [customs.agency.id]);
    const parties = federation.members.map((member) => member.agency.id);
    const [grant] = arrangement(parties).grants as object[];
    await agree(federation.members, arrangement(parties, { grants: [{ ...grant, kinds: ['alert'] }] }));
    const { goods: _goods, ...body } = kinds.get('alert')!.example.body;
    const warning = await post(licensing, { ...kinds.get('alert')!.example, ...lately(), body }, [customs.agency.id]);
    await heldByAll(licensing, warning);
    for (const [member, statement] of [
      [customs, after],
      [customs, alone],
      [licensing, reply],
    ] as const)
      await heldByAll(member, statement);
    const oldUrl = await readFile(join(customs.agency.folder, 'secrets', 'database.url'), 'utf8');

    await loseDatabase(federation, customs, 'second_life');
    const restored = await nodeCommand(customs, ['restore', '--folder', night]);
    t.match(restored, { erased: { named: 0, expired: 0 } });
    t.match(await nodeCommand(customs, ['restore', '--folder', night], 1), { error: { code: 'not_empty' } }, 'into an empty database only');
    t.match(await nodeCommand(customs, ['serve'], 1), { error: { message: /not recovered: run `entente recover`/ } });
    t.match(await nodeCommand(customs, ['recover'], 1), { error: { code: 'peers_know_more', advice: /--new-epoch/ } });

    const done = await nodeCommand(customs, ['recover', '--new-epoch', 'Disk lost']);
    t.equal(done.outcome, 'new_epoch');
    t.ok(done.epoch > 1);
    t.same(done.silent, []);
    const of = (member: Member) => done.back.find(({ peer }: { peer: string }) => peer === member.agency.id);
    t.match(of(licensing), { statements: [after], receipts: 2, replayed: 2, missing: [] });
    t.match(of(coast), { statements: [alone], receipts: 0, missing: [] });
    t.equal(of(coast).releases.length, 2);
    t.match(await nodeCommand(customs, ['recover'], 1), { error: { code: 'nothing_to_recover' } });

    await federation.restart('nl-cus');
    t.equal(((await customs.api.content(after, why)).body as { differences: string }).differences, 'After the backup', 'with its content');
    await arrived(customs, reply);
    await arrived(customs, warning); // under an agreement that was signed after the backup
    const [ours, reply2] = await Promise.all([
      post(customs, sighting('In the new epoch'), [licensing.agency.id, coast.agency.id]),
      post(licensing, sighting('To the new epoch'), [customs.agency.id]),
    ]);
    for (const [member, statement] of [
      [customs, ours],
      [customs, after],
      [customs, alone],
      [customs, before],
      [licensing, reply2],
      [licensing, reply],
    ] as const)
      await heldByAll(member, statement);

    for (const partner of [licensing, coast]) {
      const feed = await until('the pages of the new epoch', async () => {
        const { data } = await partner.api.administrator.GET('/v1/feeds');
        const { incoming } = data!.items.find(({ peer }) => peer === customs.agency.id)!;
        return incoming.epoch === done.epoch && incoming.complete ? incoming : undefined;
      });
      t.equal(feed.last, partner === coast ? 3 : 2, 'what was lost stands on the feed again, then what is new');
      const once = (await leavesOf(partner)).filter((leaf) => leaf.op === 'received' && leaf.ref === after);
      t.equal(once.length, 1, 'nothing is received twice');
    }
    const leaves = await leavesOf(customs);
    t.equal(leaves[0]!.op, 'epoch');
    t.equal(leaves.filter((leaf) => leaf.op === 'issued').length, 3, 'the two that came back, and the new one');

    const moved = async (partner: Member) =>
      (await partner.api.auditor.GET('/audit/v1/completeness', { params: { query: { peer: customs.agency.id, epoch: 1 } } })).data!;
    t.match(await moved(licensing), { last: 2, missing: [], moved: [{ position: 2, to: { epoch: done.epoch, position: 1 } }] });
    t.match(await moved(coast), {
      moved: [
        { position: 2, to: { epoch: done.epoch } },
        { position: 3, to: { epoch: done.epoch } },
      ],
    });
    t.same(
      (await audit(federation.members)).findings,
      [],
      'the auditor verifies both epochs, of those who were there and of the one who came back',
    );

    await customs.node.stop();
    await federation.restart('nl-cus');
    t.pass('nobody knows more than it any more');

    const { verified, reconciled, findings } = await audit(federation.members);
    t.same(findings, [], 'the auditor finds each object in the log of the epoch that it came in');
    t.equal(verified.length, 3);
    t.equal(reconciled.length, 3);

    await customs.node.stop();
    await writeFile(join(customs.agency.folder, 'secrets', 'database.url'), oldUrl, { mode: 0o600 });
    t.match(
      await nodeCommand(customs, ['serve'], 1),
      { error: { message: /holds a .* of this node that is not in the database.*entente recover/ } },
      'a copy of an older disk that nobody calls a backup signs nothing either',
    );
  },
);
