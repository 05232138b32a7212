import { mkdtempSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogName } from '@entente/auditor';
import t from 'tap';
import { run } from '../src/program.js';
import { exchange, type FakeNode } from './fake-node.js';

/** The audit API over HTTP, with small answers, so that every list has several. */
async function serve(t: { teardown(close: () => unknown): void }, node: FakeNode, token: string): Promise<string> {
  const listed = async (items: AsyncIterable<unknown>, after: string | null) => {
    const all = [];
    for await (const item of items) all.push(item);
    const from = Number(after ?? 0);
    return { items: all.slice(from, from + 2), ...(from + 2 < all.length ? { next: String(from + 2) } : {}) };
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://localhost');
    const query = (name: string) => url.searchParams.get(name);
    const log = query('log') as LogName;
    const routes: Record<string, () => Promise<unknown>> = {
      'GET configuration': () => node.configuration(),
      'POST checkpoint': async () => ({ note: await node.cutCheckpoint(log) }),
      'GET proofs/consistency': async () => ({
        proof: (await node.consistency(log, node.epoch, Number(query('from')), Number(query('to')))).map((hash) =>
          Buffer.from(hash).toString('base64'),
        ),
      }),
      'GET access': async () => ({
        items: node.rows.access.slice(Number(query('from')), Number(query('from')) + 1),
        ...(Number(query('from')) + 1 < node.rows.access.length ? { next: Number(query('from')) + 1 } : {}),
      }),
      'GET checkpoints': async () => ({ items: node.cut[log].filter(({ size }) => size >= Number(query('from'))) }),
      'GET entries': () => listed(node.entries(log, node.epoch, Number(query('from')), Number(query('from')) + 3), null),
      'GET statements': () =>
        listed(
          (async function* () {
            for (const item of node.rows.statements) {
              const { kind, iss } = JSON.parse(Buffer.from(item.jwt.split('.')[1]!, 'base64url').toString());
              yield { ...item, kind, originator: iss };
            }
          })(),
          query('after'),
        ),
      'GET releases': () => listed(each(node.rows.releases), query('after')),
      'GET receipts': () => listed(each(node.rows.receipts), query('after')),
      'GET epochs': async () => ({ items: await node.epochs() }),
      'GET tlog/exchange/proof': async () => {
        const [digest, ref, size] = [query('digest')!, query('ref'), query('size')];
        return {
          items: await node.proofs(Number(query('epoch')), { digest, ...(ref && { ref }) }, size === null ? undefined : Number(size)),
        };
      },
      'GET voids': async () => ({ items: await node.voids({ peer: query('peer')!, direction: query('direction') as 'in' | 'out' }) }),
      'GET /v1/subject-requests': () => listed(each(node.rows.subjectRequests), query('after')),
      'GET pages': async () => ({
        items: node
          .pagesOf(query('direction') as 'in' | 'out', query('peer')!, query('epoch') === null ? undefined : Number(query('epoch')))
          .filter(({ first }) => first >= Number(query('from'))),
      }),
    };
    const named = /^\/audit\/v1\/statements\/(.+)$/.exec(url.pathname)?.[1];
    if (named) routes[`GET statements/${named}`] = () => node.trail(named).catch(() => undefined);
    const tile = /tlog\/(exchange|access)\/tile\/0\/000\.p\/(\d+)$/.exec(url.pathname);
    if (tile) {
      response.end(await node.tile(tile[1] as LogName, node.epoch, 0, 0, Number(tile[2])));
      return;
    }
    const allowed = request.headers.authorization === `Bearer ${token}`;
    const answer = await routes[`${request.method} ${url.pathname.replace('/audit/v1/', '')}`]?.();
    response.writeHead(allowed ? (answer === undefined ? 404 : 200) : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(allowed ? (answer ?? {}) : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}

async function* each<T>(items: T[]): AsyncGenerator<T> {
  yield* items;
}

async function audit(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(args, { out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out: out.join(''), err: err.join('') };
}

t.test('the program over HTTP', async (t) => {
  const { a, b, released } = await exchange();
  const folder = mkdtempSync(join(tmpdir(), 'auditor-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), `${text}\n`);
    return join(folder, name);
  };
  const [tokenA, tokenB, configuration] = [file('a', 'secret-a'), file('b', 'secret-b'), file('a.jwt', a.jwt)];
  const [urlA, urlB] = [await serve(t, a, 'secret-a'), await serve(t, b, 'secret-b')];
  const verify = ['verify', '--node', urlA, '--token-file', tokenA, '--configuration', configuration];

  const good = await audit(...verify, '--thumbprint', a.thumbprint, '--json');
  t.equal(good.code, 0, good.err);
  t.match(JSON.parse(good.out), { node: a.id, verified: true, findings: [], feeds: [{ last: 5 }, { last: 1 }] });
  t.match(good.err, /exchange: (\d+) of \1 entries/);
  t.match((await audit(...verify)).out, /feed out https:\/\/bq-lic.example: 5 positions on signed pages\n.*\nverified: /s);

  const reconcile = ['reconcile', '--a', urlA, '--a-token-file', tokenA, '--b', urlB, '--b-token-file', tokenB];
  const agreed = await audit(...reconcile);
  t.equal(agreed.code, 0, agreed.err);
  t.match(agreed.out, `in_flight ${released[4]!.releases[0]} at 5: not answered yet`);
  t.match(JSON.parse((await audit(...reconcile, '--json')).out), { ok: true });

  t.match(await audit('verify', '--node', urlA, '--token-file', tokenB, '--configuration', configuration), {
    code: 2,
    err: /refuses this token/,
  });
  t.match(await audit('verify', '--node', `${urlA}nowhere`, '--token-file', tokenA, '--configuration', configuration), {
    code: 2,
    err: /404/,
  });
  t.match(await audit('verify', '--node', 'http://127.0.0.1:1', '--token-file', tokenA, '--configuration', configuration), {
    code: 2,
    err: /does not answer/,
  });
  t.match(await audit('verify', '--node', urlA, '--token-file', join(folder, 'none'), '--configuration', configuration), {
    code: 2,
    err: /cannot be read/,
  });
  t.match(await audit('verify', '--node', 'nowhere', '--token-file', tokenA, '--configuration', configuration), {
    code: 2,
    err: /not an address/,
  });
  t.match(await audit('verify', '--node', urlA), { code: 2, err: /required option/ });
  t.match(await audit('--help'), { code: 0, out: /reconcile/ });

  const proof = join(folder, 'proof.json');
  const prove = ['prove', released[0]!.statement, '--node', urlA, '--token-file', tokenA, '--out', proof];
  t.match(await audit(...prove), { code: 0, out: /1 releases, 3 leaves/ });
  const offline = ['verify', proof, '--configuration', configuration];
  t.match(await audit(...offline), { code: 0, out: /released to https:\/\/bq-lic.example .*with receipt.*everything in the file holds/s });
  t.match(JSON.parse((await audit(...offline, '--json')).out), { holds: true });
  t.match(await audit(...prove, '--presentation', tokenA), { code: 2, err: /no statement with disclosures/ });
  t.match(await audit('prove', 'A'.repeat(43), ...prove.slice(2)), { code: 2, err: /404/ });
  t.match(await audit('verify', configuration, '--configuration', configuration), { code: 2, err: /not a proof file/ });
  const zip = join(folder, 'evidence.zip');
  t.match(await audit('package', proof, '--configuration', configuration, '--out', zip), { code: 0, out: /begin with README.html/ });
  t.equal((await readFile(zip)).subarray(0, 2).toString(), 'PK');
  writeFileSync(proof, (await readFile(proof, 'utf8')).replace('"own": true', '"own": false'));
  t.match(await audit(...offline), { code: 1, out: /THE FILE DOES NOT HOLD/ });
  t.match(await audit('package', proof, '--configuration', configuration, '--out', zip), { code: 2, err: /does not hold/ });

  const key = join(folder, 'auditor.key.json');
  t.match(await audit('key', '--out', key), { code: 0 });
  t.match(await audit('key', '--out', key), { code: 2, err: /EEXIST/ });
  const out = join(folder, 'inspection');
  const inspect = ['report', '--node', urlA, '--token-file', tokenA, '--configuration', configuration, '--out', out, '--key'];
  t.match(await audit(...inspect, key), { code: 0, out: /AU-01 holds/ });
  t.match(await readFile(`${out}.html`, 'utf8'), 'Inspection of https://aq-cus.example');
  t.match(await audit(...inspect, tokenA), { code: 2, err: /not the private key/ });
  t.match(JSON.parse((await audit(...inspect, key, '--json')).out), { holds: true });

  const watch = [
    'watch',
    '--node',
    urlA,
    '--token-file',
    tokenA,
    '--configuration',
    configuration,
    '--state',
    join(folder, 'seen'),
    '--once',
  ];
  t.match(await audit(...watch), { code: 0, out: /entries, continued/ });
  t.match(await audit(...watch, '--every', '0'), { code: 2, err: /number of seconds/ });

  a.rows.statements.splice(0, 1);
  b.leaves.exchange.splice(3, 1);
  const bad = await audit(...verify);
  t.equal(bad.code, 1);
  t.match(bad.out, `FOUND statement ${released[0]!.statement} at`);
  t.match(bad.out, /\nNOT VERIFIED: /);
  a.leaves.exchange.splice(0, 1);
  t.match(await audit(...watch), { code: 1, out: /ALARM checkpoint: the log has shrunk/ });
  t.match(await audit(...reconcile), { code: 1, out: /THE TWO LOGS DO NOT AGREE/ });
  a.agreements.push({ digest: 1 as unknown as string, jws: '', acts: [] });
  t.match(await audit(...verify), { code: 2, err: /no usable digest/ });
});
