/** /docs: the API for people, rendered here from the OpenAPI document. One page, complete in itself: no script or style of anybody else. */
import { createHash } from 'node:crypto';
import { renderDocs } from './docs/page.js';
import { script } from './docs/script.js';
import { style } from './docs/style.js';
import type { App } from './listener.js';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The two inline parts by their hashes, and nothing else: no request leaves the page. */
const policy = [
  "default-src 'none'",
  `style-src ${hash(style)}`,
  `script-src ${hash(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function docsPage(app: App): void {
  let page: { html: string; etag: string } | undefined;
  app.get('/docs', { config: { open: true }, schema: { hide: true } }, async (request, reply) => {
    page ??= rendered(app.swagger());
    void reply.header('content-security-policy', policy).header('cache-control', 'no-cache').header('etag', page.etag);
    if (request.headers['if-none-match'] === page.etag) return reply.code(304).send();
    return reply.type('text/html; charset=utf-8').send(page.html);
  });
}

function rendered(document: object): { html: string; etag: string } {
  const html = renderDocs(document as never);
  return { html, etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"` };
}
