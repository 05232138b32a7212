/** How a listener reads bodies: strict JSON as the signatures need it, and nothing that the routes do not name. docs/protocol.md section 1. */
import { parseStrict } from '@entente/seal';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Code, codes, Problem } from '../problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The bytes of the body as they came, where there was one. */
    rawBody: Buffer | null;
  }
}

/** Takes `application/json` only, in UTF-8. Duplicate member names, lone surrogates, numbers beyond 2^53 and depth over 16 are refused. */
export function parseBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.decorateRequest('rawBody', null);
  app.addHook('onRequest', async (request) => refuseEncoded(request));
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: string | Buffer) => {
    request.rawBody = bytes as Buffer;
    return readJson(readText(request, bytes as Buffer));
  });
}

/** Bodies are taken as they are: a compressed one could hide its size. */
function refuseEncoded(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Problem('unsupported_media_type', 'send the body without content-encoding');
  }
}

const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** The body as text. Only UTF-8, without byte order mark. */
export function readText(request: FastifyRequest, bytes: Buffer): string {
  const named = charset.exec(request.headers['content-type'] ?? '')?.[1]?.toLowerCase();
  if (named !== undefined && named !== 'utf-8' && named !== 'utf8') throw new Problem('unsupported_media_type', 'send the body in UTF-8');
  return decodeUtf8(bytes);
}

export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem('bad_encoding', 'the body is not UTF-8');
  }
}

export function readJson(text: string): unknown {
  if (text.trim() === '') throw new Problem('malformed_json', 'the body is empty');
  try {
    return parseStrict(text);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new Problem(codes.includes(code as Code) ? (code as Code) : 'malformed_json', message);
  }
}
