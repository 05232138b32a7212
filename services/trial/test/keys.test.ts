import { createHash } from 'node:crypto';
import { connect } from 'node:tls';
import { openCheckpoint, parseVkey } from '@entente/ledger';
import { inspectEntityConfiguration } from '@entente/seal';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { audit } from '../src/audit.js';
import { introduce, type Member } from '../src/federation.js';
import { programs, runProgram } from '../src/programs.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, leavesOf, post, seconds, sighting, startAgencies } from './agencies.js';
import { logKey, verifyNote } from './log-key.js';

const names = ['nl-cus', 'de-lic', 'qm-cus'];
// Nobody listens in: the listener would have to be given each new certificate.
const federation = await startAgencies(t, names, { long_poll_seconds: 60 }, { tapped: false });
const [customs, licensing, merovia] = names.map(federation.member) as [Member, Member, Member];
const everybody = [customs, licensing, merovia];
await introduce(everybody);
await agree(everybody, arrangement(everybody.map(({ agency }) => agency.id)));

interface Rolled {
  key: string;
  fingerprint: string;
  configuration_iat: number;
}
const keys = async (...args: string[]): Promise<Rolled> => {
  const { stdout } = await runProgram(programs.cli, ['keys', ...args, '--config', `${customs.agency.folder}/entente.json`, '--json']);
  return JSON.parse(stdout) as Rolled;
};
/** As a partner holds it. */
const heldBy = async ({ api }: Member) => {
  const { peers } = (await api.auditor.GET('/audit/v1/configuration')).data!;
  return inspectEntityConfiguration(peers.find(({ id }) => id === customs.agency.id)!.configuration).configuration;
};
/** At the partners, who are told first, and then in place at the agency itself. */
const arrived = async (iat: number) => {
  await Promise.all(
    [licensing, merovia].map((member) =>
      until(`the new configuration at ${member.agency.name}`, async () => ((await heldBy(member)).iat >= iat ? true : undefined)),
    ),
  );
  await until('the new configuration in place', async () => {
    const { configuration } = (await customs.api.auditor.GET('/audit/v1/configuration')).data!;
    return inspectEntityConfiguration(configuration).configuration.iat >= iat ? true : undefined;
  });
};
const kidOf = (jws: string) => (JSON.parse(Buffer.from(jws.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
const exchange = async (words: string) => {
  const there = await post(customs, sighting(words), [licensing.agency.id]);
  await heldByAll(customs, there);
  await heldByAll(licensing, await post(licensing, sighting(`an answer to: ${words}`), [customs.agency.id]));
  return there;
};
const shownCertificate = () =>
  new Promise<string>((resolve, reject) => {
    const { key, certificate: cert } = licensing.agency.tls;
    const socket = connect({ host: '127.0.0.1', port: customs.agency.ports.federation, key, cert, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()!.fingerprint256);
      socket.destroy();
    });
    socket.once('error', reject);
  });

t.test('a new key of the log is a new epoch: the old log is signed and vouched for to its end, and nothing is lost', async (t) => {
  const posting = Array.from({ length: 10 }, (_, i) => post(customs, sighting(`while the log rolls over ${i}`), [licensing.agency.id]));
  const rolled = await keys('roll', 'log');
  const during = await Promise.all(posting);
  await arrived(rolled.configuration_iat);
  await exchange('in the new epoch');
  for (const statement of during) await heldByAll(customs, statement);
  const { items: epochs } = (await customs.api.auditor.GET('/audit/v1/epochs')).data!;
  t.match(epochs, [{ epoch: 1 }, { epoch: Number, reason: /new key/ }]);
  const [before, after] = epochs as [(typeof epochs)[0], (typeof epochs)[0]];
  const { origin, vkey } = (await heldBy(licensing)).log;
  t.match(origin, new RegExp(`/log/${after.epoch}$`));

  const cut = (await customs.api.auditor.GET('/audit/v1/checkpoints', { params: { query: { epoch: 1, from: before.exchange } } })).data!
    .items;
  t.equal(cut.length, 1, 'a checkpoint over all of the old log');
  await openCheckpoint(cut[0]!.note, logKey(customs, 'exchange'), verifyNote);
  const cosigners = cut[0]!.note.split('\n').filter((line) => /^\u2014 \S+\/witness /.test(line));
  t.equal(cosigners.length, 2, 'partners have vouched for how it ended');
  const [first] = await leavesOf(customs);
  const ended = cut[0]!.note.slice(0, cut[0]!.note.indexOf('\n\n') + 1);
  t.match(first, { op: 'epoch', ref: createHash('sha256').update(ended).digest('base64url') }, 'the new log says how the old one ended');
  const note = await until('a checkpoint of the new log', async () => {
    const { data } = await customs.api.auditor.POST('/audit/v1/checkpoint', { params: { query: {} } });
    return data?.note.startsWith(`${origin}\n`) ? data.note : undefined;
  });
  await openCheckpoint(note, parseVkey(vkey), verifyNote);
  await until('the new log at licensing', async () => {
    const { items } = (await licensing.api.auditor.GET('/audit/v1/peer-checkpoints')).data!;
    return items.some((item) => item.origin === origin && item.cosigned_at !== undefined) ? true : undefined;
  });
  for (const partner of [licensing, merovia])
    t.same((await partner.api.auditor.GET('/audit/v1/peer-checkpoints')).data!.forks, [], 'an epoch is no fork');
  t.same((await audit(everybody)).findings, [], 'the auditor follows');
});

t.test('a key of every use rolls over while the exchange goes on, and nothing is lost', async (t) => {
  await exchange('before');
  for (const use of ['statement', 'release', 'witness', 'encryption', 'federation'] as const) {
    const rolled = await keys('roll', use);
    await arrived(rolled.configuration_iat);
    const statement = await exchange(`after the roll-over of ${use}`);
    if (use === 'statement') {
      const { jwt } = (await customs.api.auditor.GET('/audit/v1/statements', { params: { query: { limit: 500 } } })).data!.items.find(
        ({ digest }) => digest === statement,
      )!;
      t.equal(kidOf(jwt), rolled.key, 'signed with the new key');
    }
    if (use === 'release') {
      const releases = (await licensing.api.auditor.GET('/audit/v1/releases', { params: { query: { limit: 500 } } })).data!.items;
      const came = releases.find((release) => release.direction === 'in' && release.statement === statement)!;
      t.equal(kidOf(came.jwt!), rolled.key, 'released with the new key');
    }
    if (use === 'federation') {
      const pinned = (await licensing.api.peers()).find(({ id }) => id === customs.agency.id)!;
      t.match(pinned, { thumbprint: rolled.key, state: 'active' }, 'the announced key is pinned now, by the word of the old one');
    }
  }
  const announced = await keys('renew-tls');
  await until('the announcement', async () =>
    (await Promise.all([licensing, merovia].map(heldBy))).every(({ certificates }) => certificates.length === 2) ? true : undefined,
  );
  t.not(await shownCertificate(), announced.fingerprint, 'known before it is shown');
  await keys('renew-tls', '--activate');
  await until('the new certificate', async () => ((await shownCertificate()) === announced.fingerprint ? true : undefined));
  await customs.node.stop();
  await federation.restart('nl-cus'); // every connection anew
  await exchange('after the roll-over of tls');
  for (const member of everybody) {
    t.same((await member.api.administrator.GET('/v1/quarantine')).data!.items, [], `${member.agency.name} could judge everything`);
    t.same((await member.api.administrator.GET('/v1/dead-letters')).data!.items, []);
  }
});

t.test('of a compromised key counts what provably existed before, and nothing else, whatever its date', async (t) => {
  const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test reads what a compromised key has signed' };
  const held = await exchange('held before the compromise');
  const unknown = await post(customs, sighting('licensing does not hold this'), [merovia.agency.id]);
  await heldByAll(customs, unknown);
  const old = (await heldBy(licensing)).keys.filter(({ use }) => use === 'statement').at(-1)!.kid;
  await keys('roll', 'statement');
  await until('a later second', async () => (seconds() > (await storedAt(held)) + 1 ? true : undefined));
  const compromisedFrom = seconds();
  const revoked = await keys('revoke', old, '--compromised-from', new Date(compromisedFrom * 1000).toISOString());
  t.match(revoked, { key: old, use: 'statement', compromised_from: compromisedFrom });
  await until('the revocation at licensing', async () =>
    (await heldBy(licensing)).keys.find(({ kid }) => kid === old)?.compromised_from === undefined ? undefined : true,
  );
  t.match(
    await licensing.api.content(held, why),
    { body: { differences: 'held before the compromise' } },
    'what was held before is as good as ever',
  );

  await customs.api.releaser.POST('/v1/statements/{digest}/releases', {
    params: { path: { digest: unknown } },
    body: { addressees: [licensing.agency.id], reason: 'It is needed there, too.' },
  });
  const waiting = await until('the quarantine', async () => (await licensing.api.administrator.GET('/v1/quarantine')).data!.items[0]);
  t.match(waiting, { from: customs.agency.id, code: 'key_compromised' }, 'what was not is quarantined, though its date is earlier');

  const earlier = (await storedAt(held)) - 3600;
  await keys('revoke', old, '--compromised-from', new Date(earlier * 1000).toISOString());
  await until('that it is not shown any more', async () =>
    licensing.api.content(held, why).then(
      () => undefined,
      (error: { code?: string }) => error.code === 'not_found' || undefined,
    ),
  );
  await exchange('the new key goes on');
});

async function storedAt(digest: string): Promise<number> {
  const { items } = (await licensing.api.auditor.GET('/audit/v1/statements', { params: { query: { limit: 500 } } })).data!;
  return Math.floor(Date.parse(items.find((item) => item.digest === digest)!.stored_at) / 1000);
}
