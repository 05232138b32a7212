import { randomBytes } from 'node:crypto';
import t from 'tap';
import { anyDigest, issue, sealed, token } from './acts.js';
import { startTestServer } from './database.js';

const server = await startTestServer();
t.teardown(() => server.stop());

const key = () => {
  const { wrappedKey, kekId } = sealed();
  return { wrappedKey, kekId };
};

t.test('F28 an attachment goes with the last content that names it, its key and every chunk', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const [name, alone] = [token('shared'), token('alone')];
  for (const one of [name, alone]) {
    await store.beginAttachment(one, key());
    for (const number of [0, 1]) await store.appendChunk(one, { number, ciphertext: randomBytes(99), bytes: 90 });
    await store.appendChunk(one, { number: 1, ciphertext: randomBytes(99), bytes: 90 });
    t.match(await store.attachment(one), { state: 'partial', bytes: 180 }, 'a chunk counts once');
    await store.completeAttachment(one);
  }
  const acts = [issue([]), issue([])];
  const refs = acts.map((act) => act.contents![0]!.ref);
  const use = (at: number, which: Uint8Array) => ({ ref: refs[at]!, name: which, bytes: 180, key: key() });
  await store.commit({ ...acts[0], attachmentUses: [use(0, name), use(0, alone)] });
  await store.commit({ ...acts[1], attachmentUses: [use(1, name)] });
  t.match(await store.attachmentUses(refs[0]!), [
    { state: 'complete', here: 180 },
    { state: 'complete', here: 180 },
  ]);

  await store.commit({ erasures: [{ ref: refs[0]! }] });
  t.equal(await store.attachment(alone), undefined);
  t.equal(await store.chunk(alone, 0), undefined);
  t.same(await store.attachmentUses(refs[0]!), []);
  t.ok(await store.chunk(name, 1), 'another content names it still');
  await store.commit({ erasures: [{ ref: refs[1]! }] });
  t.equal(await store.attachment(name), undefined);
  t.equal(await store.chunk(name, 1), undefined);
});

t.test('what nothing names is destroyed after its time; what is complete is never begun anew', async (t) => {
  const database = await server.database();
  const store = await database.open();
  const [unnamed, named] = [token('unnamed'), token('named')];
  for (const one of [unnamed, named]) {
    await store.beginAttachment(one, key());
    await store.appendChunk(one, { number: 0, ciphertext: randomBytes(9), bytes: 1 });
  }
  const act = issue([]);
  await store.commit({ ...act, attachmentUses: [{ ref: act.contents![0]!.ref, name: named, bytes: 1, key: key() }] });
  t.equal(await store.expireAttachments(0), 0);
  t.equal(await store.expireAttachments(Number.MAX_SAFE_INTEGER), 1);
  t.equal(await store.attachment(unnamed), undefined);
  await store.restartAttachment(named);
  t.match(await store.attachment(named), { bytes: 0 });
  await store.appendChunk(named, { number: 0, ciphertext: randomBytes(9), bytes: 1 });
  await store.completeAttachment(named);
  await store.restartAttachment(named);
  t.ok(await store.chunk(named, 0));
  await store.appendChunk(named, { number: 1, ciphertext: randomBytes(9), bytes: 1 });
  t.equal(await store.chunk(named, 1), undefined, 'nothing is added to what is complete');
  t.same(await store.attachmentUses(anyDigest()), []);
});
