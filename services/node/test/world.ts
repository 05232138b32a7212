/** The agency listener as in production, over stand-ins for the store and the acts that remember what was asked of them. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  kekOf,
  keyedDigest,
  newContentKey,
  openContent,
  openContentKey,
  rewrapContent,
  sealContent,
  searchToken,
} from '@entente/seal/node';
import type { Act, DraftRecord, ShipmentRecord } from '@entente/store';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import type { TrustedIssuer } from '../src/auth/keys.js';
import { trustedIssuers } from '../src/auth/keys.js';
import type { ContentKeys } from '../src/content-keys.js';
import { createDeclarationActs } from '../src/flow/declaration.js';
import { createDraftActs } from '../src/flow/draft.js';
import { type AgencyListenerDeps, agencyListener } from '../src/http/agency-listener.js';

export const now = 2_000_000_000;
const random = (bytes: number) => randomBytes(bytes);
export const selfId = 'https://nl-cus.example';
export const peerId = 'https://de-lic.example';

const kek = kekOf('kek-1', random(32), random);
const tokenKey = random(32);
export const content: ContentKeys = {
  seal: (texts, ref) => sealContent(texts, { random, kek }, ref),
  open: (sealed, ref) => openContent(sealed, () => kek, ref),
  rewrap: (sealed, ref) => rewrapContent({ ...sealed, ciphertext: new Uint8Array(0) }, () => kek, kek, ref),
  token: (field, value) => searchToken(tokenKey, field, value),
  fingerprint: (bytes) => keyedDigest(tokenKey, bytes),
  newKey: (ref) => newContentKey({ random, kek }, ref),
  openKey: (sealed, ref) => openContentKey(sealed, () => kek, ref),
};

/** Keeps drafts and shipments as the store does, and every act as it came. */
export function memoryStore() {
  const acts: Act[] = [];
  const drafts = new Map<string, DraftRecord>();
  const shipments = new Map<string, ShipmentRecord & { reference: string }>();
  const declarations = new Map<string, string>();
  const answers = new Map<string, { hash: string; answer: { status: number; body: unknown } }>();
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const failure = (code: string) => Object.assign(new Error(code), { code });

  return {
    acts,
    access: () => acts.flatMap((act) => act.access ?? []),
    /** Acts that did more than write the access log. */
    changes: () => acts.filter((act) => Object.keys(act).some((member) => member !== 'access')),
    async commit(act: Act) {
      const { idempotency } = act;
      const known = idempotency && answers.get(`${idempotency.actor} ${idempotency.key}`);
      if (known && known.hash !== hex(idempotency!.requestHash)) throw failure('idempotency_mismatch');
      if (known) return { at: now, releases: [], replayed: known.answer };
      for (const d of act.drafts ?? []) {
        const before = drafts.get(d.id);
        if ((before?.version ?? 0) !== d.expectVersion) throw failure('version_conflict');
        const { expectVersion, ...rest } = d;
        drafts.set(d.id, {
          ...before,
          ...rest,
          version: expectVersion + 1,
          createdAt: before?.createdAt ?? now,
          updatedAt: now,
        } as DraftRecord);
      }
      for (const s of act.shipments ?? []) {
        const { reference, ...rest } = s;
        shipments.set(s.id, { createdAt: now, updatedAt: now, ...rest, reference: hex(reference) } as never);
      }
      for (const d of act.declarations ?? []) declarations.set(hex(d.fingerprint), d.shipment);
      acts.push(act);
      if (idempotency)
        answers.set(`${idempotency.actor} ${idempotency.key}`, {
          hash: hex(idempotency.requestHash),
          answer: idempotency.respond({ at: now, releases: [] }),
        });
      return { at: now, releases: [] };
    },
    draft: async (id: string) => drafts.get(id),
    drafts: async () => ({ items: [...drafts.values()] }),
    shipment: async (id: string) => shipments.get(id),
    shipments: async () => ({ items: [...shipments.values()] }),
    shipmentByReference: async (reference: Uint8Array) => [...shipments.values()].find((s) => s.reference === hex(reference)),
    declarationSeen: async (fingerprint: Uint8Array) => {
      const shipment = declarations.get(hex(fingerprint));
      return shipment === undefined ? undefined : { shipment };
    },
    ready: async () => {},
  };
}

export interface WorldOptions {
  issuers: readonly TrustedIssuer[];
  store?: object;
  acts?: Partial<Pick<AgencyListenerDeps, 'issue' | 'receive' | 'deliver' | 'peers' | 'agreements' | 'checkpoints'>>;
  config?: { exercise?: boolean; requestsPerMinute?: number; officerRequestsPerMinute?: number };
}

export async function world({ issuers, store: more = {}, acts = {}, config = {} }: WorldOptions) {
  const memory = memoryStore();
  const store = Object.assign(memory, more);
  const asked: string[] = [];
  const refusing = (name: string) =>
    new Proxy(
      {},
      {
        get: (_target, member) => async () => {
          asked.push(`${name}.${String(member)}`);
          throw new Error(`${name}.${String(member)} secret detail`);
        },
      },
    );
  const app = await agencyListener({
    config: {
      agency: { host: '127.0.0.1', port: 0 },
      limits: {
        body_bytes: 65_536,
        declaration_bytes: 131_072,
        requests_per_minute: config.requestsPerMinute ?? 1_000_000,
        officer_requests_per_minute: config.officerRequestsPerMinute ?? 1_000_000,
        peer_requests_per_minute: 1800,
        connections_per_minute: 1200,
      },
      classification: { ceiling: 'RESTRICTED' },
      exercise: config.exercise ?? false,
      merge_delay_seconds: 3600,
      clock_tolerance_seconds: 5,
      webhooks: { private_addresses: false, give_up_days: 3 },
      witnessing: { quorum: 0, neutral: [] },
    },
    logger: false,
    issuers,
    self: { id: selfId, configuration: () => 'configuration.jwt' },
    store: withRefusals(store, refusing('store')),
    content,
    findKey: () => undefined,
    now: () => now,
    news: refusing('news'),
    issue: acts.issue ?? refusing('issue'),
    consents: refusing('consents'),
    attachments: refusing('attachments'),
    drafts: createDraftActs({ store: store as never, content, random }),
    declarations: createDeclarationActs({ store: store as never, content, random, now: () => now }),
    receive: acts.receive ?? refusing('receive'),
    deliver: acts.deliver ?? refusing('deliver'),
    peers: acts.peers ?? refusing('peers'),
    agreements: acts.agreements ?? refusing('agreements'),
    checkpoints: acts.checkpoints ?? refusing('checkpoints'),
    reversals: refusing('reversals'),
    subjects: refusing('subjects'),
    singleReleases: refusing('singleReleases'),
    horizon: refusing('horizon'),
    expiries: () => [{ what: 'certificate', owner: selfId, name: 'AB:CD', expiresAt: 1_900_000_000, soon: true }],
  } as unknown as AgencyListenerDeps);
  return { app, store, asked };
}

/** What the stand-in does not know fails loudly instead of being undefined. */
const withRefusals = (store: object, refusing: object): never =>
  new Proxy(store, { get: (target, member) => (member in target ? target[member as never] : refusing[member as never]) }) as never;

export type Claims = JWTPayload & Record<string, unknown>;

/** RSA keys are slow to make: all providers of a test share them. */
const rsaPairs = new Map<string, ReturnType<typeof generateKeyPair>>();
function rsaPair(alg: string) {
  const pair = rsaPairs.get(alg) ?? generateKeyPair(alg, { extractable: true });
  rsaPairs.set(alg, pair);
  return pair;
}

/** An OpenID Connect provider on this machine: discovery document, key set, and tokens of any kind. */
export async function provider(audience = selfId) {
  const algorithms = { ES256: {}, EdDSA: { crv: 'Ed25519' }, RS256: {}, PS256: {} } as const;
  const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();
  const keys: JWK[] = [];
  for (const [alg, options] of Object.entries(algorithms)) {
    const pair = await (alg === 'RS256' || alg === 'PS256' ? rsaPair(alg) : generateKeyPair(alg, { ...options, extractable: true }));
    pairs.set(alg, pair);
    keys.push({ ...(await exportJWK(pair.publicKey)), kid: `key-${alg}`, alg, use: 'sig' });
  }
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const answers: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/keys` },
      '/keys': { keys },
    };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers[request.url ?? ''] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function token(
    claims: Claims = {},
    { alg = 'ES256', kid = `key-${alg}`, key = pairs.get(alg)!.privateKey, header = {} } = {} as {
      alg?: string;
      kid?: string;
      key?: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
      header?: object;
    },
  ) {
    const seconds = Math.floor(Date.now() / 1000);
    const payload = {
      iss: issuer,
      aud: audience,
      sub: 'officer-7',
      entente_roles: ['ANALYST'],
      unit: 'POSS',
      iat: seconds,
      exp: seconds + 600,
      ...claims,
    };
    return await new SignJWT(JSON.parse(JSON.stringify(payload))).setProtectedHeader({ alg, kid, ...header }).sign(key);
  }

  const trusted = (members: object = {}): TrustedIssuer[] =>
    trustedIssuers({
      entity_id: selfId,
      issuers: [
        {
          issuer,
          audience,
          algorithms: ['ES256', 'EdDSA', 'PS256', 'RS256'],
          claims: { pseudonym: 'sub', roles: 'entente_roles', unit: 'unit' },
          roles: {},
          ...members,
        },
      ],
    } as never);
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { issuer, keys, pairs, requests, token, trusted, close };
}
