/** An OpenID provider that gives tokens to machines (RFC 6749 section 4.4): discovery, keys, and a token for who knows the client's secret. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface TokenEndpoint extends AsyncDisposable {
  issuer: string;
  audience: string;
  /** Asks as the client does. Throws what the provider refuses. */
  token(secret?: string): Promise<string>;
}

const SECRET = 'a-secret-of-a-test';
const CLIENT = 'risk-system';

export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const audience = 'entente-of-a-test';

  const tokenFor = () =>
    new SignJWT({ client_id: CLIENT, entente_roles: ['ANALYST'], unit: 'RISK' })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('10 minutes')
      .sign(privateKey);

  async function answer(request: IncomingMessage): Promise<[number, unknown]> {
    if (request.url === '/.well-known/openid-configuration')
      return [
        200,
        { issuer, jwks_uri: `${issuer}/keys`, token_endpoint: `${issuer}/token`, grant_types_supported: ['client_credentials'] },
      ];
    if (request.url === '/keys') return [200, { keys: [jwk] }];
    const asked = new URLSearchParams(await textOf(request));
    const known = request.headers.authorization === `Basic ${Buffer.from(`${CLIENT}:${SECRET}`).toString('base64')}`;
    if (request.url !== '/token' || asked.get('grant_type') !== 'client_credentials') return [400, { error: 'invalid_request' }];
    return known ? [200, { access_token: await tokenFor(), token_type: 'Bearer', expires_in: 600 }] : [401, { error: 'invalid_client' }];
  }

  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    issuer,
    audience,
    token: async (secret = SECRET) => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${CLIENT}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const { access_token, error } = (await response.json()) as { access_token?: string; error?: string };
      if (access_token === undefined) throw new Error(error);
      return access_token;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
