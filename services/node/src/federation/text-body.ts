import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readText } from '../http/json-body.js';

/** In this scope bodies are text of any type: formats of others, and tokens, name types of many kinds or none. `limit` in bytes. */
export function takeText(scope: FastifyInstance, limit: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limit }, async (request: FastifyRequest, bytes: string | Buffer) =>
    readText(request, bytes as Buffer),
  );
}
