import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { createClient, ProblemError, UnreachableError, unexpectedAnswer } from '../src/index.js';

async function serverThat(test: Test, answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function problem(response: ServerResponse, status: number, body: string, type = 'application/problem+json; charset=utf-8') {
  response.writeHead(status, { 'content-type': type, 'x-request-id': 'header-id' }).end(body);
}

async function refusal(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return error;
  throw new Error(`expected a ProblemError, got ${String(error)}`);
}

t.test('an answer becomes data, asked with the token of the moment', async (t) => {
  const seen: (string | undefined)[] = [];
  const baseUrl = await serverThat(t, (request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[]}');
  });
  let turn = 0;
  const fresh = createClient({ baseUrl, token: async () => `t${++turn}` });
  const { data } = await fresh.GET('/v1/peers');
  await fresh.GET('/v1/peers');
  await createClient({ baseUrl: `${baseUrl}/`, token: 'fixed' }).GET('/v1/peers');
  await createClient({ baseUrl }).GET('/v1/peers');
  t.same(data, { items: [] });
  t.same(seen, ['Bearer t1', 'Bearer t2', 'Bearer fixed', undefined]);
});

t.test('a path parameter cannot leave its segment', async (t) => {
  let path: string | undefined;
  const baseUrl = await serverThat(t, (request, response) => {
    path = request.url;
    response.writeHead(204).end();
  });
  await createClient({ baseUrl }).DELETE('/v1/peers/{id}', { params: { path: { id: 'https://nl-cus.example/../x' } } });
  t.equal(path, '/v1/peers/https%3A%2F%2Fnl-cus.example%2F..%2Fx');
});

t.test('a problem document becomes a ProblemError', async (t) => {
  const baseUrl = await serverThat(t, (_, response) =>
    problem(
      response,
      409,
      JSON.stringify({ code: 'key_not_unique', status: 200, title: 'Conflict', detail: 'Both claim it.', request_id: 'r-1' }),
    ),
  );
  const error = await refusal(createClient({ baseUrl }).GET('/v1/peers'));
  t.match(error, { code: 'key_not_unique', detail: 'Both claim it.', message: 'Both claim it.', requestId: 'r-1' });
  t.equal(error.status, 409, 'the status is that of the answer, not what the body says of it');
});

t.test('what is no problem document is named so, and nothing of it is believed', async (t) => {
  const bodies: [string, string][] = [
    ['<html>Bad gateway</html>', 'text/html'],
    ['{"code":"looks_like_one"}', 'application/json'],
    ['not json', 'application/problem+json'],
    ['[1]', 'application/problem+json'],
    ['{"code":7,"detail":{"a":1}}', 'application/problem+json'],
  ];
  for (const [body, type] of bodies) {
    const baseUrl = await serverThat(t, (_, response) => problem(response, 502, body, type));
    const error = await refusal(createClient({ baseUrl }).GET('/v1/peers'));
    t.match(error, { code: unexpectedAnswer, status: 502, detail: undefined, requestId: 'header-id' }, body);
  }
});

t.test('a page that answers 200 without being a node is not taken for data', async (t) => {
  const baseUrl = await serverThat(t, (_, response) => problem(response, 200, '<html>Log in</html>', 'text/html'));
  t.match(await refusal(createClient({ baseUrl }).GET('/v1/peers')), { code: unexpectedAnswer, status: 200 });
  const { data } = await createClient({ baseUrl }).GET('/v1/peers', { parseAs: 'text' });
  t.equal(data, '<html>Log in</html>');
});

t.test('a token is not carried along a redirect', async (t) => {
  let reached = false;
  const other = await serverThat(t, (_, response) => {
    reached = true;
    response.end('{}');
  });
  const baseUrl = await serverThat(t, (_, response) => response.writeHead(302, { location: `${other}/v1/peers` }).end());
  await t.rejects(createClient({ baseUrl, token: 'secret' }).GET('/v1/peers'), UnreachableError);
  t.notOk(reached);
});

t.test('nobody there is an UnreachableError that says where and why', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.close();
  await once(server, 'close');
  await t.rejects(createClient({ baseUrl }).GET('/v1/peers'), { name: 'UnreachableError', url: baseUrl, message: /ECONNREFUSED/ });
});
