import { createHash } from 'node:crypto';
import {
  consistencyProof,
  formatAddCheckpoint,
  leafHash,
  type NoteSigner,
  noteKey,
  openCheckpoint,
  rootAt,
  signatureType,
  signCheckpoint,
} from '@entente/ledger';
import { inspectEntityConfiguration } from '@entente/seal';
import { generateKey, nodeSigner } from '@entente/seal/node';
import t from 'tap';
import { introduce, type Member } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, post, sighting, startAgencies } from './agencies.js';
import { verifyNote, witnessKey } from './log-key.js';
import { agreeOn, befriend, startRogue } from './rogue.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic'], { witnessing: { quorum: 2, neutral: [] } });
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
await introduce([customs, licensing]);
const rogue = await startRogue(`${federation.folder}/rogue`, 'https://rogue.example', customs, licensing);
t.teardown(() => rogue[Symbol.asyncDispose]());
for (const member of [customs, licensing]) await befriend(rogue, member);

/** A log of 64 * n leaves that all begin with a word. */
function tree(word: string) {
  const leaves = Array.from({ length: 256 }, (_, i) => leafHash(Buffer.from(`${word} ${i}`)));
  const read = async (_level: number, index: number, count: number) => leaves.slice(index, index + count);
  return {
    note: async (size: number, signer = logSigner) =>
      signCheckpoint({ origin: signer.key.name, size, root: await rootAt(size, read) }, signer),
    request: async (old: number, size: number) =>
      formatAddCheckpoint({ old, proof: await consistencyProof(old, size, read), checkpoint: await tree(word).note(size) }),
  };
}
const origin = inspectEntityConfiguration(rogue.configuration).configuration.log.origin;
const keyNamed = (name: string, x: string) => noteKey(name, signatureType.ed25519, Buffer.from(x, 'base64url'));
const xOf = (configuration: string, use: string) =>
  inspectEntityConfiguration(configuration).configuration.keys.find((key) => key.use === use)!.jwk.x;
const logSigner: NoteSigner = { key: keyNamed(origin, xOf(rogue.configuration, 'log')), sign: rogue.signer('log').sign };

const [true_, false_] = [tree('a leaf'), tree('another leaf')];
const submit = async (to: Member, body: string) =>
  await rogue.ask(to, { path: '/add-checkpoint', body, headers: { 'content-type': 'text/plain' } });
const stateOf = async ({ api }: Member) =>
  (await api.administrator.GET('/v1/witnessing')).data!.items.find((item) => item.peer === rogue.id)!;
const audited = async ({ api }: Member) => (await api.auditor.GET('/audit/v1/peer-checkpoints')).data!;
const signers = (note: string) =>
  note
    .split('\n')
    .filter((line) => line.startsWith('\u2014'))
    .map((line) => line.split(' ')[1]);

t.test('whose cosignatures a partner sees, and a quorum that is not reached', async (t) => {
  await agreeBetween(customs, licensing);
  await heldByAll(customs, await post(customs, sighting('for a first checkpoint'), [licensing.agency.id]));
  await until('the cosignature of licensing', async () => {
    const state = (await customs.api.administrator.GET('/v1/witnessing')).data!.own;
    return state?.cosigned_by.length === 1 && !state.reached ? true : undefined;
  });
  await until('the alarm', async () => ((await customs.node.log()).includes('log.unwitnessed') ? true : undefined));
  const name = `${new URL(customs.agency.id).host}/log/1`;
  t.same(
    signers((await rogue.ask(customs, { method: 'GET', path: '/log/checkpoint' })).text),
    [name],
    'a stranger to licensing does not hear of it',
  );
});

t.test('add-checkpoint answers as C2SP tlog-witness says', async (t) => {
  const other = generateKey('Ed25519');
  const stranger = nodeSigner(other.privateJwk);
  const [unknown, forged] = ['somebody.example/log/1', origin].map((name) => ({
    key: keyNamed(name, stranger.jwk.x),
    sign: stranger.sign,
  }));
  const foreign = {
    key: keyNamed(inspectEntityConfiguration(licensing.agency.configuration).configuration.log.origin, stranger.jwk.x),
    sign: stranger.sign,
  };
  const bare = async (signer: NoteSigner) => `old 0\n\n${await true_.note(64, signer)}`;
  for (const [what, body, status, code] of [
    ['a log that nobody knows', await bare(unknown!), 404, 'not_found'],
    ["another partner's log", await bare(foreign), 404, 'not_found'],
    ['the key of somebody else', await bare(forged!), 403, 'access_denied'],
    ['an old size that is larger', (await true_.request(0, 64)).replace('old 0', 'old 65'), 400, 'invalid_request'],
    ['no old size', (await true_.request(0, 64)).replace('old 0\n', ''), 400, 'invalid_request'],
    ['a size with a zero in front', (await true_.request(0, 64)).replace('old 0', 'old 00'), 400, 'invalid_request'],
    ['nothing', '', 400, 'invalid_request'],
  ] as const) {
    const answer = await submit(customs, body);
    t.same([answer.status, answer.json.code], [status, code], what);
  }
  const first = await submit(customs, await true_.request(0, 64));
  t.equal(first.status, 200);
  const witness = witnessKey(customs);
  const { cosignatures } = await openCheckpoint((await true_.note(64)) + first.text, logSigner.key, verifyNote, [witness]);
  t.match(cosignatures, [{ name: witness.name }], 'cosigned with the witness key, which is not the key of the log');

  const conflict = await submit(customs, await true_.request(0, 128));
  t.same([conflict.status, conflict.type, conflict.text], [409, 'text/x.tlog.size', '64\n']);
  const unproven = (await true_.request(64, 128)).replace(/^([A-Za-z0-9+/]{43}=)$/m, createHash('sha256').update('x').digest('base64'));
  t.equal((await submit(customs, unproven)).status, 422, 'a proof that leads nowhere');
  t.equal((await submit(customs, await true_.request(64, 128))).status, 200);
  t.equal((await submit(customs, await true_.request(128, 128))).status, 200, 'again, with a new time');
  const atOnce = await Promise.all([160, 192].map(async (size) => submit(customs, await true_.request(128, size))));
  t.same(atOnce.map(({ status }) => status).sort(), [200, 409], 'of two that grow from one size, one');
  const size = (await stateOf(customs)).cosigned_size!;
  await customs.node.kill();
  await federation.restart('nl-cus');
  const asked = await submit(customs, await true_.request(0, 64));
  t.same([asked.status, asked.text], [409, `${size}\n`], 'what was cosigned is known after a crash');
});

t.test('a log that does not prove that it grew from what it signed before', async (t) => {
  const note = await false_.note(208);
  rogue.answers.set('/log/checkpoint', () => ({ text: note }));
  await until('the alarm', async () => ((await customs.node.log()).includes('log.inconsistent') ? true : undefined));
  rogue.answers.clear();
  t.equal((await stateOf(customs)).size, (await stateOf(customs)).cosigned_size, 'what is held is what was proven');
});

t.test('F23 a log that shows two histories is found by those who exchange, and proven by two signatures of its own', async (t) => {
  const { size } = await stateOf(customs);
  t.equal((await submit(licensing, await false_.request(0, 64))).status, 200);
  t.equal((await submit(licensing, await false_.request(64, size!))).status, 200, 'each alone sees a log that grew, now to one size');
  t.match([(await stateOf(customs)).forked, (await stateOf(licensing)).forked], [false, false]);
  for (const member of [customs, licensing])
    await agreeOn(member, arrangement([customs.agency.id, licensing.agency.id, rogue.id]), [customs.agency, licensing.agency, rogue]);
  for (const member of [customs, licensing]) {
    await until(`the alarm of ${member.agency.name}`, async () => ((await stateOf(member)).forked ? true : undefined));
    const [[one, two] = []] = (await audited(member)).forks;
    const read = [
      await openCheckpoint(one!.note, logSigner.key, verifyNote),
      await openCheckpoint(two!.note, logSigner.key, verifyNote),
    ] as const;
    t.equal(read[0].size, read[1].size);
    t.notSame(read[0].root, read[1].root, 'one log, one size, two roots, both signed');
    t.match(await member.node.log(), /"code":"log.forked"/);
    t.same(
      (await audited(member)).forks.filter(([fork]) => fork!.peer !== rogue.id),
      [],
      'nobody else is blamed',
    );
  }
});

async function agreeBetween(...members: Member[]): Promise<void> {
  const payload = arrangement(members.map(({ agency }) => agency.id));
  for (const member of members)
    await agreeOn(
      member,
      payload,
      members.map(({ agency }) => agency),
    );
}
