import { kinds, type StatementInput } from '@entente/statement';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { until } from '../src/until.js';
import { accessOf, arrangement, codeOf, heldByAll, post, seconds, sighting, startAgencies } from './agencies.js';

const federation = await startAgencies(t, ['nl-cus', 'de-lic']);
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
const [here, there] = [customs.agency.id, licensing.agency.id];
const terms = (classes: string[], kindNames = ['alert', 'sighting']) => ({
  ...(arrangement([]).grants as Record<string, unknown>[])[0],
  kinds: kindNames,
  classes,
});
await introduce(federation.members);
await agree(
  federation.members,
  arrangement([here, there], {
    grants: [
      { ...terms(['N0', 'N1', 'C1']), from: [here], to: [there] },
      { ...terms(['N0', 'N1', 'P1', 'C1']), from: [there], to: [here] },
    ],
  }),
);

const why = { 'entente-purpose': 'CUSTOMS_CONTROL', 'entente-justification': 'A test looks for what it has posted' };
const time = (offset: number) => new Date((seconds() + offset) * 1000).toISOString().replace('.000Z', 'Z');
const alertExample = kinds.get('alert')!.example;

/** Of now, with one leg of transport and one place. */
function alert(title: string, body: Record<string, unknown> = {}): StatementInput {
  return {
    ...structuredClone(alertExample),
    valid_from: time(0),
    valid_until: time(20 * 86_400),
    body: { ...structuredClone(alertExample.body), title, ...body },
  } as StatementInput;
}

type Question = NonNullable<Parameters<typeof asked>[1]>;
const asked = async (member: Member, body: Record<string, unknown>, purpose = 'CUSTOMS_CONTROL') =>
  (
    await member.api.analyst.POST('/v1/statements/search', {
      params: { header: { ...why, 'entente-purpose': purpose } },
      body: body as never,
    })
  ).data!;

/** All pages; `between` happens after each. */
async function found(member: Member, question: Question, between?: () => Promise<unknown>): Promise<string[]> {
  const digests: string[] = [];
  let after: string | undefined;
  do {
    const page = await asked(member, { ...question, ...(after && { after }) });
    digests.push(...page.items.map(({ digest }) => digest));
    after = page.next;
    await between?.();
  } while (after !== undefined);
  return digests;
}

const sorted = (digests: string[]): string[] => [...digests].sort();

t.test('search finds by every kind of term, alone and together, in what is own and in what arrived', async (t) => {
  const transport = [
    { id: 'T1', mode: '1', container: { number: 'DEMU1234567' }, vessel: { name: 'Halcyon Tide', imo_number: '9074729' } },
  ];
  const route = [
    { id: 'R1', seq: 1, function: 'LOADING', locode: 'NLRTM', country: 'NL', place_text: 'Waalhaven quay', status: 'DECLARED' },
  ];
  const one = await post(customs, alert('Vacuum pumps for a laboratory', { transport, route }), [there]);
  const two = await post(customs, alert('Carbon fibre on spools', { urgency: 'ROUTINE' }), [there]);
  const three = await post(customs, sighting('nothing', { circumstances: 'Spools of fibre under tarpaulin', narrative_class: 'N0' }), [
    there,
  ]);
  await Promise.all([one, two, three].map((statement) => heldByAll(customs, statement)));

  const questions: [what: string, question: Question, expected: string[]][] = [
    ['an identifier written in another way', { identifiers: [{ scheme: 'container', value: 'demu 123456-7' }] }, [one]],
    ['a word of a name', { words: ['halcyon'] }, [one]],
    ['words that stand together', { words: ['carbon spools'] }, [two]],
    ['words that do not stand together', { words: ['halcyon spools'] }, []],
    ['alternatives', { words: ['halcyon', 'tarpaulin'] }, [one, three]],
    ['a code', { codes: [{ field: 'urgency', code: 'ROUTINE' }] }, [two]],
    ['a control entry and its item', { codes: [{ field: 'control_entry', code: '1C210' }] }, [one, two]],
    ['a tariff heading', { codes: [{ field: 'hs', code: '6815' }] }, [one, two]],
    ['a UN/LOCODE', { places: ['NLRTM'] }, [one]],
    ['words of a place', { places: ['Waalhaven'] }, [one]],
    ['a kind', { kinds: ['sighting'], words: ['fibre'] }, [three]],
    ['an originator', { originators: [here], words: ['fibre', 'pumps'] }, [one, two, three]],
    ['another originator', { originators: [there] }, []],
    [
      'all at once',
      { kinds: ['alert'], words: ['spools'], codes: [{ field: 'hs', code: '68' }], exercise: true, state: 'IN_FORCE' },
      [two],
    ],
    ['no exercises', { exercise: false }, []],
    ['what has run out', { state: 'EXPIRED' }, []],
    ['signed from tomorrow on', { issued: { from: time(86_400) } }, []],
    ['in use by a month from now', { valid_until: { from: time(25 * 86_400) } }, [three]],
  ];
  for (const [what, question, expected] of questions) {
    t.same(sorted(await found(customs, question)), sorted(expected), `own: ${what}`);
    t.same(sorted(await found(licensing, question)), sorted(expected), `arrived: ${what}`);
  }
  t.same(await found(customs, { own: false }), []);
  t.same(await found(licensing, { own: true }), []);
  t.same(await asked(licensing, { words: ['halcyon'] }, 'LICENSING'), { items: [] }, 'not for a purpose that it was not given for');
});

t.test('F25 thousands of values, pages, inserts in between: the full result; empty lists and too many: an error', async (t) => {
  const digests = await Promise.all(
    Array.from({ length: 90 }, (_, i) =>
      post(customs, sighting('x', { circumstances: `Lot zulu${i} ${i % 2 === 0 ? 'evenlot' : 'oddlot'}`, narrative_class: 'N0' }), [there]),
    ),
  );
  const many = Array.from({ length: 5_000 }, (_, i) => `zulu${i}`);
  let inserted = 0;
  const insert = async () => {
    if (inserted++ < 3) await post(customs, sighting('x', { circumstances: 'Lot zulu1 evenlot', narrative_class: 'N0' }), [there]);
  };
  t.same(sorted(await found(customs, { words: many, limit: 40 }, insert)), sorted(digests), 'all, each once, and nothing that came later');
  t.same(
    sorted(await found(customs, { words: many.slice(0, 100), codes: [{ field: 'match_level', code: 'CONFIRMED_HIT' }], limit: 33 })).length,
    90 + 3,
  );
  const both = { words: ['evenlot oddlot'], limit: 10 };
  t.same(await found(customs, both), [], 'pages end also when nothing fits');
  const kindNames = Array.from(
    { length: 4_999 },
    (_, i) => `kind_${'abcdefghij'[i % 10]}${'abcdefghij'[Math.floor(i / 10) % 10]}${'x'.repeat(i % 7)}`,
  );
  t.equal((await found(customs, { kinds: [...kindNames, 'sighting'], words: ['oddlot'] })).length, 45);

  for (const [what, question] of Object.entries({
    'no words': { words: [] },
    'no kinds': { kinds: [] },
    'no originators': { originators: [] },
    'more than may be': { words: [...many, 'one'] },
    'an empty word': { words: [''] },
    'nothing that could be found': { words: ['!!'] },
    'a range of nothing': { issued: {} },
    'an unknown scheme': { identifiers: [{ scheme: 'shoe_size', value: '43' }] },
  }))
    t.equal(await codeOf(asked(customs, question)), 'invalid_request', what);
  t.equal(await codeOf(asked(customs, { after: 'AAAA' })), 'bad_cursor');
  t.equal(await codeOf(asked(customs, { words: ['x'.repeat(200)], after: 'A'.repeat(200) })), 'bad_cursor');
  const megabyte = Array.from({ length: 5_000 }, (_, i) => `${i}`.padStart(200, 'y'));
  t.same(await found(customs, { words: megabyte.slice(0, 4_900) }), [], 'the longest question that there can be');
});

t.test('a thread holds what relations connect, in both directions, on both sides', async (t) => {
  const digest = await post(customs, alert('Detonators without an end user'), [there]);
  await heldByAll(customs, digest);
  const reply = { ...sighting('seal differs'), rel: [{ type: 'replies_to', of: digest }] } as StatementInput;
  const answer = await post(licensing, reply, [here]);
  const further = await post(licensing, { ...sighting('driver differs'), rel: [{ type: 'replies_to', of: digest }] } as StatementInput, [
    here,
  ]);
  await heldByAll(licensing, answer);
  await heldByAll(licensing, further);
  const thread = async (member: Member, of: string) =>
    (await member.api.analyst.GET('/v1/statements/{digest}/thread', { params: { path: { digest: of }, header: why } })).data!;
  for (const member of [customs, licensing]) {
    for (const start of [digest, answer, further]) {
      const { items, complete } = await thread(member, start);
      t.equal(complete, true);
      t.same(
        sorted(items.map(({ header }) => header.digest)),
        sorted([digest, answer, further]),
        `${member.agency.name} from ${start.slice(0, 6)}`,
      );
      t.equal(items[0]!.header.digest, digest, 'what was said first stands first');
      t.same(items.find(({ header }) => header.digest === answer)!.rel, [{ type: 'replies_to', of: digest }]);
    }
  }
  t.equal(await codeOf(thread(customs, 'A'.repeat(43))), 'not_found');
});

t.test('watch lists flag what arrives, what was here, and nothing else; who changes one says which version he read', async (t) => {
  const early = await post(licensing, alert('Gyroscopes, inertial grade'), [here]);
  await heldByAll(licensing, early);
  const { analyst } = customs.api;
  const { data: list } = await analyst.POST('/v1/watches', {
    body: { name: 'Spring', words: ['gyroscopes'], identifiers: [{ scheme: 'container', value: 'DEMU 765432-1' }] },
  });
  const id = list!.id;
  t.match(list, { version: 1, entries: 2, author: 'officer-41', watched: { name: 'Spring' } });
  const hits = async () => (await analyst.GET('/v1/watches/{id}/hits', { params: { path: { id } } })).data!.items;
  await until('what was here is held against it', async () => ((await hits()).length === 1 ? true : undefined));
  const transport = [{ id: 'T1', mode: '1', container: { number: 'DEMU7654321' } }];
  const late = await post(licensing, alert('Valves', { transport }), [here]);
  const other = await post(licensing, alert('Pumps'), [here]);
  await Promise.all([late, other].map((statement) => heldByAll(licensing, statement)));
  const inbox = (await analyst.GET('/v1/inbox', { params: { query: { limit: 10 } } })).data!.items;
  const flagsOf = (digest: string) => inbox.find(({ statement }) => statement?.digest === digest)?.flags;
  t.same(flagsOf(late), [{ watch: id, name: 'Spring', fields: ['container'] }]);
  t.same(flagsOf(early), [{ watch: id, name: 'Spring', fields: ['word'] }]);
  t.equal(flagsOf(other), undefined);
  t.same(
    (await hits()).map(({ statement, fields }) => [statement.digest, fields]),
    [
      [late, ['container']],
      [early, ['word']],
    ],
  );

  const change = { params: { path: { id }, header: { 'if-match': '"7"' } }, body: { name: 'Summer', words: ['pumps'] } };
  t.equal(await codeOf(analyst.PUT('/v1/watches/{id}', change)), 'version_conflict');
  t.equal(await codeOf(analyst.PUT('/v1/watches/{id}', { ...change, params: { path: { id } } })), 'version_missing');
  const changed = await analyst.PUT('/v1/watches/{id}', { ...change, params: { path: { id }, header: { 'if-match': '"1"' } } });
  t.match(changed.data, { version: 2, entries: 1, watched: { name: 'Summer' } });
  await until('it began anew', async () => ((await hits()).some(({ statement }) => statement.digest === other) ? true : undefined));
  t.notOk((await hits()).some(({ statement }) => statement.digest === late));
  await analyst.DELETE('/v1/watches/{id}', { params: { path: { id }, header: { 'if-match': '"2"' } } });
  t.equal(await codeOf(hits()), 'not_found');
  t.equal(await codeOf(analyst.POST('/v1/watches', { body: { name: 'Nothing' } })), 'invalid_request');
});

t.test('each addressee has a state of his own: queued, delivered; and of what arrives: new, seen, taken by one', async (t) => {
  await licensing.node.stop();
  const waiting = await post(customs, alert('Nobody is there'), [there]);
  t.match(await customs.api.releases(waiting), [{ addressee: there, state: 'queued', delivery: 'QUEUED' }]);
  await federation.restart('de-lic');
  await heldByAll(customs, waiting);
  const [release] = await customs.api.releases(waiting);
  t.match(release, { delivery: 'DELIVERED', state: 'held', receipt: /^[\w-]{43}$/, offered_at: /Z$/ });
  const { data: item } = await licensing.api.analyst.GET('/v1/inbox/{release}', { params: { path: { release: release!.release } } });
  t.match(item, { verdict: 'held', state: 'new', statement: { digest: waiting, state: 'IN_FORCE' } });
  for (const [act, state] of [
    ['seen', 'seen'],
    ['take', 'taken'],
  ] as const) {
    const { data } = await licensing.api.analyst.POST(`/v1/inbox/{release}/${act}`, { params: { path: { release: release!.release } } });
    t.equal(data!.state, state);
  }
  const colleague = licensing.api.releaser.POST('/v1/inbox/{release}/take', { params: { path: { release: release!.release } } });
  t.equal(await codeOf(colleague), 'conflict', 'a second officer is told who has it');
});

t.test('drafts are changed by who read them last, never over the head of somebody else', async (t) => {
  const { analyst } = customs.api;
  const { data: begun } = await analyst.POST('/v1/drafts', { body: { statement: alert('A draft') as never } });
  const path = { id: begun!.draft };
  const read = await analyst.GET('/v1/drafts/{id}', { params: { path, header: why } });
  t.equal(read.response.headers.get('etag'), '"1"');
  const put = (etag: string | undefined) =>
    analyst.PUT('/v1/drafts/{id}', {
      params: { path, header: etag === undefined ? {} : { 'if-match': etag } },
      body: { statement: alert('Changed') as never },
    });
  t.equal(await codeOf(put(undefined)), 'version_missing');
  const racing = await Promise.all(Array.from({ length: 8 }, () => codeOf(put('"1"'))));
  t.equal(racing.filter((one) => one === 'version_conflict').length, 7, 'of eight who read the same version one wins');
  t.equal((await analyst.GET('/v1/drafts/{id}', { params: { path, header: why } })).response.headers.get('etag'), '"2"');
});

const exporting = async (format: 'ndjson' | 'csv', more: Record<string, unknown> = {}, headers: Record<string, string> = why) => {
  const response = await fetch(`${licensing.agency.url}/v1/exports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${licensing.tokens.analyst}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ format, ...more }),
  });
  return { type: response.headers.get('content-type'), status: response.status, text: await response.text() };
};

t.test(
  'F21 exports as NDJSON and CSV hold all that may be read for the purpose, and the access log holds who took what, and why',
  async (t) => {
    const formula = await post(customs, alert('=HYPERLINK("http://x","y") is no title', { urgency: 'ROUTINE' }), [there]);
    await heldByAll(customs, formula);
    const held = await found(licensing, {});
    const lines = (await exporting('ndjson')).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    t.same(lines.pop(), { summary: { exported: held.length, left_out: 0 } });
    t.same(sorted(lines.map(({ header }) => header.digest)), sorted(held));
    const [first] = lines;
    t.same(
      first,
      await licensing.api.content(first.header.digest, { purpose: why['entente-purpose'], justification: why['entente-justification'] }),
    );

    const { type, text } = await exporting('csv', { kind: 'alert', own: false });
    t.match(type, /^text\/csv/);
    const [head, ...rows] = text.split('\r\n');
    t.match(head, /^digest,originator,own,.*Title.*,rel$/);
    const row = rows.find((one) => one.startsWith(formula))!;
    t.match(row, `"'=HYPERLINK(""http://x"",""y"") is no title"`, 'no cell is a formula');
    t.equal(rows.filter(Boolean).length, (await found(licensing, { kinds: ['alert'], own: false })).length);

    const none = (await exporting('ndjson', {}, { ...why, 'entente-purpose': 'LICENSING' })).text;
    t.same(
      JSON.parse(none),
      { summary: { exported: 0, left_out: held.length } },
      'what was given for another purpose is left out and counted',
    );
    t.equal((await exporting('csv')).status, 400, 'a table is of one kind');
    t.equal((await exporting('ndjson', {}, { 'entente-purpose': 'CUSTOMS_CONTROL' })).status, 400);

    const exports = (await accessOf(licensing)).filter(({ operation }) => operation === 'EXPORT');
    t.match(exports.at(0), { actor: 'officer-41', purpose: 'CUSTOMS_CONTROL', code: 'begins' });
    t.ok(
      exports.some(({ object }) => object?.includes(formula)),
      'what went out is named before it does',
    );
    t.ok(exports.some(({ code }) => code === `ends: ${held.length} exported, 0 left out`));
  },
);
