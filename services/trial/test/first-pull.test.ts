import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { kinds, type StatementInput } from '@entente/statement';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, leavesOf, post, seconds, sighting, startAgencies } from './agencies.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic'], { log_level: 'warn' });
const [sender, recipient] = [federation.member('nl-cus'), federation.member('de-lic')];
const [here, there] = [sender.agency.id, recipient.agency.id];
await introduce(federation.members);
const [grant] = arrangement([]).grants as Record<string, unknown>[];
await agree(
  federation.members,
  arrangement([here, there], { grants: [{ ...grant, from: [here], to: [there], kinds: ['alert', 'sighting'] }] }),
);

/** A bound for both nodes; one that posts was seen to hold 42 after collection, however many it had posted. Megabytes. */
const SMALL_HEAP = { env: { NODE_OPTIONS: '--max-old-space-size=256' } };
const COUNT = 1_500;
/** About 12 KB each, before the encodings. */
const long = (i: number) => `${i} `.padEnd(290, 'lot of goods under seal ');
const heavy = sighting('x', {
  differences: 'd'.repeat(1_900),
  circumstances: 'c '.repeat(1_900),
  narrative_class: 'N0',
  asks: Array.from({ length: 20 }, (_, i) => long(i)),
});

async function postAll(): Promise<number> {
  function* lines() {
    for (let i = 0; i < COUNT; i += 1)
      yield `${JSON.stringify({ idempotency_key: `first-pull-${i}`, statement: { ...heavy, body: { ...heavy.body, asks: [`lot ${i}`, ...(heavy.body.asks as string[]).slice(1)] } }, addressees: [there] })}\n`;
  }
  const response = await fetch(`${sender.agency.url}/v1/statements/bulk`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sender.tokens.analyst}`, 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(lines(), { objectMode: false })) as never,
    duplex: 'half',
  } as RequestInit);
  const answers = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { status: number });
  const refused = answers.find(({ status }) => status !== 201);
  if (refused) throw new Error(JSON.stringify(refused));
  return answers.length;
}

/** Why a node that ended did so stands at the end of its log. */
const lastWords = async (error: Error): Promise<never> => {
  throw new Error(`${error.message}; the node said last: ${(await sender.node.log()).slice(-1_500)}`);
};

const incoming = async () => (await recipient.api.administrator.GET('/v1/feeds')).data!.items[0]!.incoming;
const outgoing = async () => (await sender.api.administrator.GET('/v1/feeds')).data!.items[0]!.outgoing;
async function received(member: Member): Promise<string[]> {
  return (await leavesOf(member)).filter(({ op }) => op === 'received').map(({ digest }) => digest!);
}

t.test('F18 a first pull is stopped, killed and resumed, in a small heap: all of it, each once', async (t) => {
  await recipient.node.stop();
  await sender.node.stop();
  await federation.restart('nl-cus', SMALL_HEAP);
  t.equal(await postAll().catch(lastWords), COUNT);
  await federation.restart('de-lic', SMALL_HEAP);
  const some = async (least: number) => {
    const { queued } = await outgoing();
    return queued <= COUNT - least ? queued : undefined;
  };
  t.not(await until('a part of it is held', () => some(100), 120), 0, 'stopped in the middle');
  await recipient.node.kill();
  await federation.restart('de-lic', SMALL_HEAP);
  await until('all of it is held', () => some(COUNT), 240);
  const digests = await received(recipient);
  t.equal(digests.length, COUNT);
  t.equal(new Set(digests).size, COUNT, 'each once');
  await until('the pages say that nothing is missing', async () => ((await incoming()).complete ? true : undefined), 60);
  t.equal((await incoming()).last, COUNT);
  for (const member of federation.members) t.notMatch(await member.node.log(), /heap out of memory/);
});

t.test('F18 what local policy refuses is not downloaded: refused by the page, receipted, and the feed is complete', async (t) => {
  await recipient.node.stop();
  const before = (await sender.wire.sentTo('de-lic')).length;
  const file = join(recipient.agency.folder, 'entente.json');
  const settings = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...settings, refused_kinds: ['alert'] }));
  const at = (days: number) => new Date((seconds() + days * 86_400) * 1000).toISOString().replace('.000Z', 'Z');
  const example = kinds.get('alert')!.example;
  const { goods: _goods, ...body } = example.body;
  const alert = (title: string): StatementInput => ({ ...example, valid_from: at(0), valid_until: at(20), body: { ...body, title } });
  const waiting = await post(sender, alert('Unwanted while nobody is there'), [there]);
  const wanted = await post(sender, sighting('the one that is wanted'), [there]);
  await federation.restart('de-lic');
  const live = await post(sender, alert('Unwanted, and at once'), [there]);
  const state = async (statement: string) => (await sender.api.releases(statement))[0]!;
  for (const statement of [waiting, live]) {
    const release = await until('it is refused', async () => {
      const found = await state(statement);
      return found.state === 'refused' ? found : undefined;
    });
    t.match(release, { code: 'kind_refused', delivery: 'REFUSED', receipt: /^[\w-]{43}$/ });
    const { data: item } = await recipient.api.analyst.GET('/v1/inbox/{release}', { params: { path: { release: release.release } } });
    t.match(item, { verdict: 'refused', code: 'kind_refused' });
    t.notOk(item!.statement, 'nothing of it is here');
  }
  await until('the other is held', async () => ((await state(wanted)).state === 'held' ? true : undefined));
  const parts = ((await sender.wire.sentTo('de-lic')).slice(before).match(/[\w-]{40,}/g) ?? []).map((part) =>
    Buffer.from(part, 'base64url').toString(),
  );
  const went = (text: string) => parts.some((part) => part.includes(text));
  t.ok(went('the one that is wanted'), 'what is sent can be seen on the wire');
  t.notOk(went('Unwanted'), 'and of what is refused no disclosure can');
  await until(
    'the feed is complete',
    async () => ((await incoming()).complete && (await incoming()).last === COUNT + 3 ? true : undefined),
    60,
  );
});
