import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import pg from 'pg';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { recallBy } from '../src/recalling.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, heldByAll, post, sighting, startAgencies } from './agencies.js';
import { agreeOn, befriend, startRogue } from './rogue.js';
import { answerOf, sealer } from './sealing.js';

const MIB = 1024 * 1024;
const PIECES = 256;
const SIZE = PIECES * MIB;
const patience = 180;
const limits = { attachments: { maximum_bytes: SIZE } };
const federation = await startAgencies(t, ['nl-cus', 'de-lic'], limits, { tapped: false });
const [sender, recipient] = [federation.member('nl-cus'), federation.member('de-lic')];
await introduce(federation.members);
await agree(federation.members, arrangement([sender.agency.id, recipient.agency.id]));

const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test looks at photographs of a consignment' };
const headers = { 'entente-purpose': why.purpose, 'entente-justification': why.justification };

/** A photograph by its first bytes; the same in every run of the stream. */
const block = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(MIB - 4)]);
interface Photograph {
  stream: () => Readable;
  sha256: string;
  bytes: number;
}
function photograph(size: number, salt = 0): Photograph {
  const pieces = function* () {
    for (let at = 0; at < size; at += MIB) {
      const piece = Buffer.from(block.subarray(0, Math.min(MIB, size - at)));
      if (at > 0) piece.writeUInt32BE(at / MIB);
      piece[8] = salt;
      yield piece;
    }
  };
  const hash = createHash('sha256');
  for (const piece of pieces()) hash.update(piece);
  return { stream: () => Readable.from(pieces()), sha256: hash.digest('base64url'), bytes: size };
}

async function upload(member: Member, sha256: string, body: Readable, type = 'image/jpeg'): Promise<{ status: number; code?: string }> {
  const rest = new AbortController();
  const response = await fetch(`${member.agency.url}/v1/attachments/${sha256}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${member.tokens.analyst}`, 'content-type': type },
    body: Readable.toWeb(body) as never,
    duplex: 'half',
    signal: rest.signal,
  } as RequestInit);
  const answer = (await response.json()) as { code?: string };
  rest.abort(); // who was refused has more to send
  return { status: response.status, ...answer };
}

const element = (file: { sha256: string; bytes: number }, change: object = {}) => ({
  id: 'A1',
  sha256: file.sha256,
  media_type: 'image/jpeg',
  bytes: file.bytes,
  title: 'Seal of the container',
  data_class: 'N1',
  ...change,
});
const listed = async (member: Member, digest: string) =>
  (await member.api.analyst.GET('/v1/statements/{digest}/attachments', { params: { path: { digest }, header: headers } })).data!.items;

async function download(member: Member, digest: string, sha256: string): Promise<{ status: number; sha256: string; type: string | null }> {
  const response = await fetch(`${member.agency.url}/v1/statements/${digest}/attachments/${sha256}`, {
    headers: { authorization: `Bearer ${member.tokens.analyst}`, ...headers },
  });
  const hash = createHash('sha256');
  for await (const chunk of response.body ?? []) hash.update(chunk as Uint8Array);
  return { status: response.status, sha256: hash.digest('base64url'), type: response.headers.get('content-type') };
}

/** Megabytes that the process holds now, and the most that it ever held. */
async function memory({ node }: Member): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${node.pid}/status`, 'utf8');
  const value = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return { now: value('VmRSS'), peak: value('VmHWM') };
}

t.test('F17 a large attachment, broken off at 99 %, is resumed and never whole in memory', async (t) => {
  const file = photograph(SIZE);
  const before = await memory(sender);
  t.match(await upload(sender, file.sha256, file.stream()), { status: 200 });
  await recipient.node.stop();
  await federation.restart('de-lic', { env: { ENTENTE_KILL_AT: `attachment.piece:${PIECES - 1}` } });
  const statement = await post(sender, sighting('With a photograph', { attachments: [element(file)] }), [recipient.agency.id]);
  t.equal(await recipient.node.ended, 'SIGKILL', 'killed when all pieces but one were there');

  await federation.restart('de-lic');
  const fresh = await memory(recipient);
  await until(
    'it is whole',
    async () => ((await listed(recipient, statement).catch(() => []))[0]?.state === 'here' ? true : undefined),
    patience,
  );
  await heldByAll(sender, statement, patience);
  t.match(
    await recipient.node.log(),
    new RegExp(`"from":${SIZE - MIB},"bytes":${SIZE}[^\\n]*an attachment is resumed`),
    'the last piece only was fetched again',
  );
  t.match(await listed(recipient, statement), [{ id: 'A1', data_class: 'N1', media_type: 'image/jpeg', here: SIZE }]);
  t.same(await download(recipient, statement, file.sha256), { status: 200, sha256: file.sha256, type: 'application/octet-stream' });

  const [sent, came] = [await memory(sender), await memory(recipient)];
  t.comment(`MiB held by the sender: ${before.now} before, at most ${sent.peak}; by the recipient: ${fresh.now}, at most ${came.peak}`);
  t.ok(sent.peak - before.now < SIZE / MIB, 'the sender held less than the attachment, to take it in and to give it out');
  t.ok(came.peak - fresh.now < SIZE / MIB, 'and so did the recipient, who read it twice');
});

t.test('F17 an attachment that is not what it is said to be is refused, and nothing of it stays', async (t) => {
  const file = photograph(3 * MIB, 1);
  t.match(await upload(sender, 'A'.repeat(43), file.stream()), { status: 422, code: 'attachment_mismatch' });
  t.match(await upload(sender, file.sha256, file.stream(), 'application/pdf'), { status: 422, code: 'media_type_mismatch' });
  t.match(await upload(sender, file.sha256, file.stream(), 'application/x-executable'), { status: 422, code: 'media_type_mismatch' });
  const large = photograph(SIZE + MIB);
  t.match(await upload(sender, large.sha256, large.stream()), { status: 413, code: 'too_large' });
  const naming = (change: object = {}) => sighting('With a photograph', { attachments: [element(file, change)] });
  t.equal(await codeOf(post(sender, naming(), [recipient.agency.id])), 'attachment_missing');
  t.match(await upload(sender, file.sha256, file.stream()), { status: 200 });
  t.match(await upload(sender, file.sha256, file.stream()), { status: 200 }, 'the same again changes nothing');
  t.equal(await codeOf(post(sender, naming({ bytes: 7 }), [recipient.agency.id])), 'attachment_missing', 'of another size');
  t.equal(await codeOf(post(sender, naming({ media_type: 'application/x-sh' }), [recipient.agency.id])), 'invalid_statement');
});

t.test('an attachment goes with the release that discloses it, and with no other', async (t) => {
  const [open, personal] = [photograph(2 * MIB, 2), photograph(2 * MIB, 3)];
  for (const file of [open, personal]) await upload(sender, file.sha256, file.stream());
  const attachments = [element(open), element(personal, { id: 'A2', title: 'Face of the driver', data_class: 'P1' })];
  const input = sighting('With two photographs', {
    attachments,
    review_by: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
    entry_threshold_statement: 'He signed for the goods.',
  });
  const statement = await post(sender, input, [recipient.agency.id]);
  await until(
    'it came',
    async () => ((await listed(recipient, statement).catch(() => []))[0]?.state === 'here' ? true : undefined),
    patience,
  );
  t.same(
    (await listed(recipient, statement)).map(({ id }) => id),
    ['A1'],
    'the agreement grants no personal data',
  );
  t.equal((await download(recipient, statement, personal.sha256)).status, 404);
  t.equal((await download(sender, statement, personal.sha256)).status, 200);
});

/** How many of these its database still has bytes of. */
async function storedOf({ agency }: Member, files: { bytes: number }[]): Promise<number> {
  const client = new pg.Client(agency.databaseUrl.owner);
  await client.connect();
  try {
    const text = `SELECT count(*)::int AS stored FROM attachment a WHERE bytes = ANY ($1) AND EXISTS (SELECT FROM attachment_chunk c WHERE c.name = a.name)`;
    const { rows } = await client.query<{ stored: number }>(text, [files.map(({ bytes }) => bytes)]);
    return rows[0]!.stored;
  } finally {
    await client.end();
  }
}

t.test('F09 F17 a recalled part takes the bytes with it that only it has named; the others stay', async (t) => {
  // Of sizes that no other attachment here has.
  const [gone, shared, stays] = [1, 2, 3].map((n) => photograph(MIB / 2 + n, 10 + n)) as [Photograph, Photograph, Photograph];
  const files = [gone, shared, stays];
  for (const file of files) await upload(sender, file.sha256, file.stream());
  const named = (file: Photograph, i: number) => element(file, { id: `A${i + 1}` });
  const statement = await post(sender, sighting('With three photographs', { attachments: files.map(named) }), [recipient.agency.id]);
  const other = await post(sender, sighting('With one of them', { attachments: [element(shared)] }), [recipient.agency.id]);
  const idsHere = async (member: Member, digest: string) =>
    (await listed(member, digest).catch(() => [])).filter(({ state }) => state === 'here').map(({ id }) => id);
  for (const [digest, all] of [
    [statement, 3],
    [other, 1],
  ] as const)
    await until('all came', async () => ((await idsHere(recipient, digest)).length === all ? true : undefined), patience);

  await recallBy(sender, statement, { fields: ['/body/attachments/2'], reason: 'FACTUALLY_WRONG', effect: 'STOP_USE' });
  await until('one is used no more', async () => ((await idsHere(recipient, statement)).length === 2 ? true : undefined), patience);
  await recallBy(sender, statement, { fields: ['/body/attachments/0', '/body/attachments/1'], reason: 'FACTUALLY_WRONG' });
  for (const member of [sender, recipient]) {
    await until(
      `${member.agency.name} has destroyed one`,
      async () => ((await storedOf(member, files)) === 2 ? true : undefined),
      patience,
    );
    t.equal(await storedOf(member, [gone]), 0, 'its bytes are gone, not only its name');
    t.equal(await storedOf(member, [shared]), 1, 'another statement names it');
    t.equal(await storedOf(member, [stays]), 1, 'stopped, not erased');
    t.same(await idsHere(member, statement), []);
    t.same(await idsHere(member, other), ['A1']);
    for (const file of files) t.equal((await download(member, statement, file.sha256)).status, 404);
    t.same(await download(member, other, shared.sha256), { status: 200, sha256: shared.sha256, type: 'application/octet-stream' });
  }
});

t.test('F17 a partner that gives other bytes than its statement says is found out', async (t) => {
  const rogue = await startRogue(`${federation.folder}/rogue`, 'https://rogue.example', recipient);
  t.teardown(() => rogue[Symbol.asyncDispose]());
  await befriend(rogue, recipient);
  const agreement = await agreeOn(recipient, arrangement([recipient.agency.id, rogue.id]), [recipient.agency, rogue]);
  const seal = sealer(rogue, recipient.agency.id, agreement);
  const [file, other] = [photograph(2 * MIB, 4), photograph(2 * MIB, 5)];
  const bytesOf = async (which: { stream: () => Readable }) => Buffer.concat(await which.stream().toArray());
  const lies = await bytesOf(other);
  rogue.attachment = (from, to) => ({ bytes: lies.subarray(from, to + 1), of: lies.length });
  const wrong = await seal({ input: sighting('With lies', { attachments: [element(file)] }) });
  await rogue.offer(answerOf(wrong));
  const digest = wrong.statement.digest;
  const [refused] = await until(
    'it is refused',
    async () => {
      const items = await listed(recipient, digest).catch(() => []);
      return items[0]?.state === 'refused' ? items : undefined;
    },
    patience,
  );
  t.match(refused, { code: 'attachment_mismatch', here: 0 }, 'by its hash, and none of it stays');
  t.equal((await download(recipient, digest, file.sha256)).status, 404);

  const truth = await bytesOf(file);
  rogue.attachment = (from, to) => ({ bytes: truth.subarray(from, to + 1), of: truth.length });
  const right = await seal({ input: sighting('With the truth', { attachments: [element(file)] }) });
  await rogue.offer(answerOf(right));
  await until(
    'another release of the same bytes is fetched',
    async () => {
      const items = await listed(recipient, right.statement.digest).catch(() => []);
      return items[0]?.state === 'here' ? true : undefined;
    },
    patience,
  );
});

t.test('a node that is told to stop does so while somebody still sends', async (t) => {
  const file = photograph(2 * MIB, 9);
  const [first] = await file.stream().take(1).toArray();
  let begun = (): void => undefined;
  const under = new Promise<void>((resolve) => {
    begun = resolve;
  });
  async function* slowly() {
    yield first;
    begun();
    await new Promise(() => undefined);
  }
  const cut = t.rejects(upload(sender, file.sha256, Readable.from(slowly())));
  await under;
  await sender.node.stop();
  await cut;
});
