/** A partner that floods, drips, holds and never answers, beside one that is healthy. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { ask, attacks, connected } from '../src/overload/attacks.js';
import { targetOf } from '../src/overload/siege.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, post, sighting, startAgencies } from './agencies.js';

const names = ['nl-cus', 'de-lic', 'qm-cus'];
const limits = { limits: { peer_requests_per_minute: 600 } };
const federation = await startAgencies(t, names, limits, { tapped: false });
const [customs, licensing, hostile] = names.map(federation.member) as [Member, Member, Member];
await introduce(federation.members);
await agree(federation.members, arrangement(federation.members.map(({ agency }) => agency.id)));
await hostile.node.stop();
const target = targetOf(customs, hostile);
const exchange = async (words: string) => heldByAll(customs, await post(customs, sighting(words), [licensing.agency.id]), 60);

/** Begun first and looked at last: they take the node's own time to be ended. */
const dripping: Promise<unknown>[] = [];
const drip = (socket: Socket, words: string) => {
  socket.on('error', () => undefined).resume();
  socket.write(words);
  dripping.push(once(socket, 'close'));
};
for (const words of ['', 'POST /v1/statements HTTP/1.1\r\nhost: node\r\nx-slow: ']) {
  drip(connect({ host: '127.0.0.1', port: customs.agency.ports.agency }), words);
  drip(await connected(target), words);
}

t.test('headers and bodies that are too large, too deep or packed are refused on both listeners', async (t) => {
  const officer = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${customs.agency.url}/v1/statements`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${customs.tokens.analyst}`, 'content-type': 'application/json', ...headers },
    }).then(async (response) => [response.status, ((await response.json().catch(() => ({}))) as { code?: string }).code]);
  t.same(await officer('['.repeat(500_000)), [400, 'too_deep']);
  t.same(await officer('{}', { 'content-encoding': 'gzip' }), [415, 'unsupported_media_type']);
  const huge = get(customs.agency.url, { headers: { 'x-huge': 'x'.repeat(60_000) } });
  t.equal(((await once(huge, 'response'))[0] as IncomingMessage).resume().statusCode, 431);
  t.equal(await ask(target, false, '['.repeat(3_000_000)), 400);
  // Announced and not sent: whoever still sends when the node has answered may lose the connection before he reads the answer.
  t.equal(await ask(target, false, '', { 'content-length': '5000000' }), 413);
  t.equal(await ask(target, false, '{}', { 'content-encoding': 'gzip' }), 415);
  t.equal(await ask(target, false, '{}', { 'x-huge': 'x'.repeat(60_000) }), 431);
  await exchange('after the large ones');
});

t.test('more polls than anybody needs: so many are held, the others are told to come again, and nobody else waits', async (t) => {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 100 });
  const answers: number[] = [];
  const refusals = () => answers.filter((status) => status === 429).length;
  const asking = Array.from({ length: 60 }, async () => answers.push(await ask(target, agent, '{"maxEvents":500}')));
  await until('those that are too many', async () => (refusals() >= 60 - 32 ? true : undefined));
  await exchange('beside held polls');
  t.equal(refusals(), 60 - 32, 'the others are held');
  agent.destroy();
  await Promise.all(asking);
});

t.test('a flood of connections is cut off before the handshake, and those that are there go on', async (t) => {
  const open: TLSSocket[] = [];
  let refused = 0;
  for (let i = 0; i < 400; i++)
    await connected(target).then(
      (socket) => open.push(socket.on('error', () => undefined)),
      () => {
        refused += 1;
      },
    );
  t.ok(refused > 100, `${refused} of 400 refused`);
  await exchange('beside a flood of connections');
  for (const socket of open) socket.destroy();
});

t.test('a partner that polls without end and never receipts is given the same again, at a pace, and fills nothing', async (t) => {
  const digest = await post(customs, sighting('to both'), [licensing.agency.id, hostile.agency.id]);
  const stop = new AbortController();
  const attack = attacks.flood!(target, stop.signal);
  await exchange('beside a partner that never receipts');
  stop.abort();
  await attack;
  const states = Object.fromEntries((await customs.api.releases(digest)).map(({ addressee, state }) => [addressee, state]));
  t.same(states, { [licensing.agency.id]: 'held', [hostile.agency.id]: 'queued' });
});

t.test('connections on which nothing is said, and headers that never end, are closed', async (t) => {
  await Promise.all(dripping);
  await exchange('after all of it');
  t.pass('each was ended by the node');
});
