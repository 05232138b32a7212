/** Who may speak with a node at all: TLS with pinned certificates, in both directions, whatever is configured. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { programs, runProgram } from '../src/programs.js';
import { until } from '../src/until.js';
import { startAgencies } from './agencies.js';
import { certificateFor, type TlsPair } from './certificates.js';
import { ask, befriend, startRogue } from './rogue.js';

const federation = await startAgencies(t, ['nl-cus']);
const customs = federation.member('nl-cus');
const partner = await startRogue(`${federation.folder}/partner`, 'https://partner.example', customs);
const other = await startRogue(`${federation.folder}/other`, 'https://other.example', customs);
for (const rogue of [partner, other]) t.teardown(() => rogue[Symbol.asyncDispose]());

/** An expired certificate and one of another name are published all the same: the pin alone must not let them in. */
const expired = await certificateFor(partner.id, { from: -30, to: -1 });
const misnamed = await certificateFor(other.id);
const unpublished = await certificateFor(partner.id);
await partner.publish(({ certificates }) => ({ certificates: [...certificates, expired.published, misnamed.published] }));

const poll = { path: '/feed/poll', body: { returnImmediately: true, maxEvents: 0 } };
/** What the node answers to a client with this certificate, or how the connection ends. */
const answerTo = (own: { key?: string; cert?: string }, tls = {}) =>
  ask(customs, own as TlsPair, { ...poll, tls }).then(
    ({ status, json }) => (status === 200 ? 'answered' : `${status} ${json.code}`),
    () => 'no connection',
  );

t.test('F20 a node without partners speaks with nobody', async (t) => {
  t.equal(await answerTo({ key: partner.tls.key, cert: partner.tls.cert }), 'no connection');
  t.equal(await answerTo({}), 'no connection', 'nor without a certificate');
  await befriend(partner, customs);
  await befriend(other, customs);
  t.equal(await until('its partner', async () => ((await answerTo(partner.tls)) === 'answered' ? 'answered' : undefined)), 'answered');
});

t.test('F20 only a certificate that a partner publishes, that names it and that is in time, opens the listener', async (t) => {
  t.equal(await answerTo({}), 'no connection', 'none');
  t.equal(await answerTo(unpublished), 'no connection', 'one that nobody publishes');
  t.equal(await answerTo(expired), 'no connection', 'an expired one');
  t.equal(await answerTo(misnamed), '403 access_denied', "one that names somebody else's entity");
  t.equal(await answerTo({ cert: partner.tls.cert, key: unpublished.key }), 'no connection', "a partner's certificate without its key");
  t.equal(await answerTo(partner.tls, { maxVersion: 'TLSv1.2' }), 'no connection', 'an older TLS');
  t.equal(await answerTo(partner.tls), 'answered');
  t.equal(await answerTo(other.tls), 'answered');
});

t.test('F20 the node asks nobody who does not show a certificate of that very partner', async (t) => {
  const shown: [what: string, pair: { key: string; cert: string }][] = [
    ['one that it did not publish', unpublished],
    ['an expired one', expired],
    ['the one of another partner', other.tls],
  ];
  for (const [what, pair] of shown) {
    await partner.down();
    partner.show(pair);
    const asked = partner.requests.length;
    const before = await failures();
    await partner.up();
    await ask(customs, partner.tls, poll); // a partner that is heard is tried again at once
    await until(`it was tried: ${what}`, async () => ((await failures()) > before ? true : undefined));
    t.equal(partner.requests.length, asked, what);
  }
  await partner.down();
  partner.show(partner.tls);
  await partner.up();
  await ask(customs, partner.tls, poll);
  await partner.polled();
  t.pass('with the right one the feed goes on');
});

t.test('F20 no setting and no variable turns it off', async (t) => {
  await customs.node.stop();
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_EXTRA_CA_CERTS: join(federation.folder, 'extra.pem') };
  await writeFile(env.NODE_EXTRA_CA_CERTS, unpublished.cert);
  await federation.restart('nl-cus', { env });
  t.equal(await answerTo(unpublished), 'no connection', 'the listener');
  t.equal(await answerTo(expired), 'no connection');
  await partner.down();
  partner.show(unpublished);
  const asked = partner.requests.length;
  const before = await failures();
  await partner.up();
  await ask(customs, partner.tls, poll);
  await until('it was tried', async () => ((await failures()) > before ? true : undefined));
  t.equal(partner.requests.length, asked, 'the dialler');

  const file = join(customs.agency.folder, 'entente.json');
  const configuration = JSON.parse(await readFile(file, 'utf8')) as { federation: object };
  const changed = join(customs.agency.folder, 'changed.json');
  for (const setting of [{ tls: false }, { verify: false }, { ca: [] }, { rejectUnauthorized: false }, { insecure: true }]) {
    await writeFile(changed, JSON.stringify({ ...configuration, federation: { ...configuration.federation, ...setting } }));
    const { stderr } = await runProgram(programs.node, ['config', 'check', '--config', changed], { accept: [2] });
    t.match(stderr, /no such setting/, JSON.stringify(setting));
  }
});

async function failures(): Promise<number> {
  return (await customs.node.log()).split('\n').filter((line) => line.includes('feed cannot be pulled') && line.includes(partner.id))
    .length;
}
