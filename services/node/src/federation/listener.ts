/** The federation listener: TLS 1.3 with client certificates, and the one rule on who may ask. docs/protocol.md section 3. */
import type { TLSSocket } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.js';
import { parseBody } from '../http/json-body.js';
import { genReqId, inTimeLimits, strictReading } from '../http/listener.js';
import type { Directory } from '../peers/directory.js';
import { Problem, sendProblem } from '../problem.js';
import { limitConnections } from './connections.js';
import { limitPeers } from './peer-limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Entity id of the peer whose certificate stands behind this very request. Set before any federation route runs. */
    peer: string;
  }
}

export interface TlsIdentity {
  key: string;
  certificate: string;
}

/** 8 MiB of answer is the sender's limit; what a peer may send in one request is receipts and acknowledgements of such an answer. */
const REQUEST_LIMIT = 4 * 1024 * 1024;

/** A request must have come whole within this time; an answer may take longer, for polls are held. */
const REQUEST_TIMEOUT_MS = 60_000;

export interface Listener {
  app: FastifyInstance;
  /** Trusts exactly the certificates that the active peers publish now. */
  renewTrust(): void;
}

export function federationListener(deps: {
  tls: TlsIdentity;
  directory: Directory;
  now: () => number;
  logger: Logger;
  limits: Config['limits'];
  heard: (peer: string) => void;
  refused: (cause: string) => void;
}): Listener {
  const app = Fastify({
    https: { ...secureContext(deps.tls, deps.directory), ...inTimeLimits },
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: REQUEST_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  } as never) as unknown as FastifyInstance;
  app.setValidatorCompiler(strictReading);
  parseBody(app);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request) => {
    throw new Problem('not_found', `there is nothing at ${request.method} ${request.url.split('?')[0]}`);
  });
  app.decorateRequest('peer', '');
  limitConnections(app.server, deps.limits.connections_per_minute, deps.refused);
  const limited = limitPeers(deps.limits.peer_requests_per_minute);
  app.addHook('onRequest', async (request, reply) => {
    request.peer = peerOf(request, deps);
    await limited(request, reply);
    deps.heard(request.peer);
  });
  return {
    app,
    renewTrust: () =>
      (app.server as unknown as { setSecureContext(o: object): void }).setSecureContext(secureContext(deps.tls, deps.directory)),
  };
}

/** For every request, also on kept and resumed connections: the certificate must be one that an active peer publishes today. */
function peerOf(
  request: FastifyRequest,
  { directory, refused, now }: { directory: Directory; refused: (cause: string) => void; now: () => number },
): string {
  const certificate = (request.raw.socket as TLSSocket).getPeerX509Certificate?.();
  const peer = certificate && directory.byCertificate(certificate.fingerprint256);
  if (!certificate || !peer) {
    refused(certificate ? 'certificate_unknown' : 'certificate_missing');
    throw new Problem('access_denied', 'this certificate belongs to no peer of this node');
  }
  if (!names(certificate.subjectAltName, peer.id) || !inTime(certificate.validFrom, certificate.validTo, now() * 1000)) {
    refused('certificate_unfit');
    throw new Problem('access_denied', 'this certificate does not name the peer that published it, or is out of time');
  }
  return peer.id;
}

/** Attacker-controlled text: compared member by member, never searched. */
const names = (subjectAltName: string | undefined, id: string): boolean =>
  (subjectAltName ?? '').split(', ').some((part) => part === `URI:${id}`);
const inTime = (from: string, to: string, at: number): boolean => Date.parse(from) <= at && at <= Date.parse(to);

/** `ca` is never empty: without a peer it is this node's own certificate, which belongs to no peer, so that nobody gets in. No option turns verification off. */
function secureContext(tls: TlsIdentity, directory: Directory): object {
  const published = directory.active().flatMap((peer) => peer.certificates.map((c) => c.pem));
  return {
    key: tls.key,
    cert: tls.certificate,
    ca: [tls.certificate, ...published],
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    honorCipherOrder: true,
  };
}
