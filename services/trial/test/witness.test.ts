import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatVkey } from '@entente/ledger';
import { chainOver, chainStart, findKeyIn, inspectEntityConfiguration, openPage } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, post, sighting, startAgencies } from './agencies.js';
import { logKey, witnessKey } from './log-key.js';

const names = ['nl-cus', 'de-lic', 'qm-cus'];
const federation = await startAgencies(t, names, { witnessing: { quorum: 2, neutral: [] } });
const [customs, licensing, merovia] = names.map(federation.member) as [Member, Member, Member];
const everybody = [customs, licensing, merovia];
await introduce(everybody);
await agree(everybody, arrangement(everybody.map(({ agency }) => agency.id)));

const witnessing = async ({ api }: Member) => (await api.administrator.GET('/v1/witnessing')).data!;
const cut = async ({ api }: Member, log: 'exchange' | 'access' = 'exchange') =>
  (await api.auditor.POST('/audit/v1/checkpoint', { params: { query: { log } } })).data!;
const sizeOf = async ({ api }: Member) =>
  (await api.auditor.GET('/audit/v1/checkpoint', { params: { query: { log: 'exchange' } } })).data!.size;
/** Waits until both partners have cosigned the latest checkpoint. */
const cosigned = (member: Member) =>
  until(`cosignatures for ${member.agency.name}`, async () => {
    const { own } = await witnessing(member);
    return own?.reached && own.size === (await sizeOf(member)) ? own : undefined;
  });

t.test('partners cosign each checkpoint; the quorum is reached; each sees only the witnesses that it knows', async (t) => {
  const statement = await post(customs, sighting('something was seen'), [licensing.agency.id]);
  await heldByAll(customs, statement);
  for (const member of everybody) {
    const own = await cosigned(member);
    t.same(
      own.cosigned_by.map(({ peer }) => peer).sort(),
      everybody.flatMap((other) => (other === member ? [] : [other.agency.id])).sort(),
      `${member.agency.name} is vouched for by both`,
    );
  }
  for (const { peer, size, cosigned_size, forked } of (await witnessing(customs)).items) {
    t.equal(forked, false);
    t.ok(size !== undefined && size % 64 === 0, `${peer} shows multiples of 64`);
    t.ok(cosigned_size! <= size!);
  }
});

t.test('the recipient proves to a third party, with what the sender signed, that a feed was given whole', async (t) => {
  const peer = customs.agency.id;
  const shown = await until('the feed on pages', async () => {
    const proof = (await licensing.api.auditor.GET('/audit/v1/completeness', { params: { query: { peer } } })).data!;
    return proof.complete && proof.last > 0 ? proof : undefined;
  });
  const findKey = findKeyIn([inspectEntityConfiguration(customs.agency.configuration).configuration], verificationKey);
  let chain = chainStart;
  let last = 0;
  for (const jws of shown.pages) {
    const page = await openPage(jws, { iss: peer, aud: licensing.agency.id, findKey });
    t.equal(page.first, last + 1);
    chain = chainOver(
      chain,
      page.entries.map(([digest]) => digest),
    );
    last += page.entries.length;
  }
  t.same([last, Buffer.from(chain).toString('base64url')], [shown.last, shown.chain], 'every position, and the chain over all of them');
  t.same([shown.missing, shown.unannounced, shown.voided], [[], [], []]);
});

t.test('a log as C2SP tools read it, by a program of another language', async (t) => {
  for (let round = 0; round < 5; round++) {
    await post(customs, sighting(`round ${round}`), [merovia.agency.id]);
    await cut(customs);
  }
  await cosigned(customs);
  await customs.node.stop(); // what is served comes from what is stored
  await federation.restart('nl-cus');
  await cut(customs, 'access');
  if (spawnSync('python3', ['--version']).status !== 0) return t.pass('no python3 here: nothing was verified by another language');
  for (const log of ['exchange', 'access'] as const) {
    const { name } = logKey(customs, log);
    const read = await inPython({
      prefix: `${customs.agency.url}/audit/v1/tlog/${log}`,
      api: `${customs.agency.url}/audit/v1`,
      log,
      token: customs.tokens.auditor,
      vkey: formatVkey(logKey(customs, log)),
      witnesses: [licensing, merovia].map((member) => formatVkey(witnessKey(member))),
    });
    t.match(read, { origin: name, proofs: 8, refused: 6 }, `every hash, signature and proof of the ${log} log`);
    if (log === 'access') continue;
    t.ok(read.size > 256 && read.levels === 2, 'more than one tile, and a level above');
    t.same(read.signers.toSorted(), [name, ...[licensing, merovia].map((member) => witnessKey(member).name)].sort());
  }
});

t.test('F32 two idle logs that note each other grow neither', async (t) => {
  const sizes = await until('the logs to come to rest', async () => {
    const before = await Promise.all(everybody.map(exchangeSize));
    await Promise.all(everybody.map(cosigned));
    const after = await Promise.all(everybody.map(exchangeSize));
    return before.join() === after.join() ? after : undefined;
  });
  const rounds = await Promise.all(everybody.map(rounded));
  await until('ten more rounds', async () =>
    (await Promise.all(everybody.map(rounded))).every((seen, i) => seen >= rounds[i]! + 10) ? true : undefined,
  );
  t.same(await Promise.all(everybody.map(exchangeSize)), sizes, 'cosigned, compared, asked, and not a leaf more');
});

/** Rounds of the others that this member has seen. */
const rounded = async (member: Member): Promise<number> => {
  const heard = everybody.filter((other) => other !== member).map(({ agency }) => member.wire.receivedFrom(agency.name));
  const counts = (await Promise.all(heard)).map((text) => text.split('POST /federation/v1/log/compare').length - 1);
  return Math.min(...counts);
};

/** Leaves of the exchange log, also those that no checkpoint covers yet. */
async function exchangeSize({ api }: Member): Promise<number> {
  const from = await sizeOf({ api } as Member);
  return from + (await api.auditor.GET('/audit/v1/entries', { params: { query: { log: 'exchange', from } } })).data!.items.length;
}

interface Read {
  size: number;
  levels: number;
  signers: string[];
}

/** Beside this process: it asks the node, which answers here. */
async function inPython(asked: object): Promise<Read> {
  const script = fileURLToPath(new URL('../../test/verify_tlog.py', import.meta.url));
  const child = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(asked));
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text) as Read;
}
