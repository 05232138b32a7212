import { readFileSync } from 'node:fs';
import { digestOf } from '@entente/seal';
import { codeList } from '@entente/statement';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { until } from '../src/until.js';
import { arrangement, codeOf, heldByAll, leavesOf, post, sighting, startAgencies } from './agencies.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic']);
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
await introduce(federation.members);
const parties = [customs.agency.id, licensing.agency.id];
await agree(federation.members, arrangement(parties));
const why = { purpose: 'CUSTOMS_CONTROL', justification: 'Second look at the draft, case 2031-17' };
const checklist = codeList('release-checklist').codes.map(({ code }) => code) as never;

t.test('four eyes: whoever wrote it does not release it; the checklist is kept with the statement and named in the log', async (t) => {
  const canary = 'seen where only officers look';
  const { api } = customs;
  const { draft } = (
    await api.analyst.POST('/v1/drafts', {
      params: { header: { 'idempotency-key': 'four-eyes-draft' } },
      body: { statement: sighting(canary) as never, addressees: [licensing.agency.id] },
    })
  ).data!;
  const { version } = await api.submit(draft, 1, [licensing.agency.id]);
  t.ok(version > 1);
  const path = { path: { id: draft } };
  const byAuthor = api.analyst.POST('/v1/drafts/{id}/release', { params: path, body: { checklist, reason: 'My own.' } });
  t.equal(await codeOf(byAuthor), 'role_forbidden', 'an analyst releases nothing');
  const half = api.releaser.POST('/v1/drafts/{id}/release', {
    params: path,
    body: { checklist: ['NECESSITY'] as never, reason: 'Hurry.' },
  });
  t.equal(await codeOf(half), 'invalid_request', 'every point of the checklist is confirmed by name');
  const { statement } = await api.release(draft, { checklist, reason: 'It fits the arrangement.' }, why);
  const { data } = await api.analyst.GET('/v1/statements/{digest}', { params: { path: { digest: statement } } });
  const act = JSON.parse(data!.release_act!) as Record<string, unknown>;
  t.match(act, { author: 'officer-41', releaser: 'officer-07', reason: 'It fits the arrangement.', checklist });
  const leaf = (await leavesOf(customs)).find(({ op, digest }) => op === 'issued' && digest === statement);
  t.equal(leaf?.ref, digestOf(data!.release_act!), 'its digest is in the log');
  await heldByAll(customs, statement);
});

t.test('ADMIN sees no content: every operation of openapi.yaml, asked with an administrator’s token', async (t) => {
  const canary = 'Kanarienvogel-4711';
  const statement = await post(customs, sighting(canary), [licensing.agency.id]);
  const release = await until('the release', async () => (await customs.api.releases(statement))[0]?.release);
  await heldByAll(customs, statement);
  const begun = await licensing.api.analyst.POST('/v1/drafts', {
    params: { header: { 'idempotency-key': 'canary-draft' } },
    body: { statement: sighting(canary) as never, addressees: [customs.agency.id] },
  });
  const words = { 'entente-purpose': why.purpose, 'entente-justification': why.justification };
  const shown: string[] = [];
  const names: Record<string, string> = { digest: statement, release: release!, id: begun.data!.draft, kind: 'sighting' };
  for (const { method, path, operationId } of operations()) {
    // A stream that never ends, a change of keys that takes a minute, and what would end the exchange that is looked at.
    if (['listenEvents', 'moveHorizon', 'removePeer', 'changePeer'].includes(operationId)) continue;
    const query = operationId === 'previewDraft' ? `?addressee=${encodeURIComponent(customs.agency.id)}` : '';
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? 'x'));
    const ask = async (token: string) => {
      const json = method === 'GET' || method === 'DELETE' ? {} : { 'content-type': 'application/json' };
      const body = { statement: sighting(canary), addressees: parties, words: [canary], format: 'ndjson' };
      const answer = await fetch(`${licensing.agency.url}${filled}${query}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...words, ...json },
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const asAdministrator = await ask(licensing.tokens.administrator);
    t.notMatch(asAdministrator.text, canary, `${operationId} shows an administrator nothing (${asAdministrator.status})`);
    if (method === 'GET' && (await ask(licensing.tokens.analyst)).text.includes(canary)) {
      shown.push(operationId);
      t.equal(asAdministrator.status, 403, `${operationId} shows content, and refuses administrators`);
    }
  }
  t.same(shown.sort(), ['getDraft', 'getStatementContent'], 'the walk has met content where officers see it');
});

function operations(): { method: string; path: string; operationId: string }[] {
  const text = readFileSync(new URL('../../../../openapi.yaml', import.meta.url), 'utf8');
  const found: { method: string; path: string; operationId: string }[] = [];
  let path = '';
  let method = '';
  for (const line of text.split('\n')) {
    path = /^ {2}(\/\S*):$/.exec(line)?.[1] ?? path;
    method = /^ {4}(get|post|put|patch|delete):$/.exec(line)?.[1]?.toUpperCase() ?? method;
    const operationId = /^ {6}operationId: (\w+)$/.exec(line)?.[1];
    if (operationId !== undefined) found.push({ method, path, operationId });
  }
  return found;
}
