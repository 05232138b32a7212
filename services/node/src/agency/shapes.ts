/** Shapes that several routes share, and how records of the store become them. */
import type { InboxRecord, Page, ReleaseRecord, StatementRecord } from '@entente/store';
import { type Static, type TSchema, Type } from 'typebox';
import { Problem } from '../problem.js';
import { addresseeState, addresseeStateOf, statementState, stateOf } from './states.js';

export const closed = { additionalProperties: false } as const;

export const exampleDigest = '2jmj7l5rSw0yVb_vlWAYkK_YBwk2PfZ2RkE0n3gC1mM';
export const examplePeer = 'https://de-lic.example';

export const digest = (description: string) =>
  Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: `${description} SHA-256, base64url.`, examples: [exampleDigest] });
export const entityId = (description: string) =>
  Type.String({ pattern: '^https://', maxLength: 255, description: `${description} Entity id.`, examples: [examplePeer] });
export const time = (description: string) =>
  Type.String({ format: 'date-time', description: `${description} RFC 3339, UTC.`, examples: ['2031-05-02T08:15:00Z'] });
export const object = (description: string) =>
  Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, description });
export const uuid = (description: string) =>
  Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', description, examples: ['0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42'] });
export const kindName = Type.String({
  pattern: '^[a-z][a-z_]{1,39}$',
  description: 'Kind of statement; see /v1/kinds.',
  examples: ['alert'],
});
export const addressees = Type.Array(entityId('A partner agency.'), {
  minItems: 1,
  maxItems: 200,
  uniqueItems: true,
  description: 'Each one by name; there is no "all".',
  examples: [[examplePeer]],
});
export const readers = Type.Optional(
  Type.Array(
    Type.Object(
      {
        addressee: entityId('The partner agency.'),
        names: Type.Array(Type.String({ minLength: 1, maxLength: 200, examples: ['contact-point-1'] }), {
          minItems: 1,
          maxItems: 50,
          uniqueItems: true,
          description: 'Pseudonyms, as that agency gives them to its officers.',
        }),
      },
      closed,
    ),
    { maxItems: 200, description: 'Who alone may read it at an addressee. What is marked TLP:RED goes to no addressee without.' },
  ),
);
/** As the acts take it: absent, never undefined. */
export const readersOf = <R>(named: { readers?: R }): { readers?: R } => (named.readers === undefined ? {} : { readers: named.readers });
export const reason = Type.String({
  minLength: 3,
  maxLength: 1000,
  description: 'Why, in words; kept with the draft.',
  examples: ['Consignee and goods agree with the licence refused in April.'],
});

export const findings = Type.Array(
  Type.Object({
    id: Type.String({ description: '`schema`, or the number of the rule.', examples: ['V05'] }),
    level: Type.Enum(['reject', 'warn', 'open'], { description: '`open` names what an officer must still decide; `warn` never blocks.' }),
    pointer: Type.String({ description: 'JSON pointer into the statement.', examples: ['/body/goods/0/hs'] }),
    message: Type.String(),
  }),
  { description: 'What the rules of the kind say.' },
);

export const checks = Type.Array(
  Type.Object({
    pointer: Type.String({ examples: ['/body/transport/0/containers/0'] }),
    scheme: Type.String({ examples: ['ISO6346'] }),
    value: Type.String(),
    check: Type.Enum(['PASS', 'FAIL', 'NA']),
    note: Type.Optional(Type.String()),
  }),
  { description: 'Check digits of the identifiers: a failure warns and never blocks.' },
);

const relation = Type.Object(
  { type: Type.String({ pattern: '^[a-z_]{3,30}$', examples: ['replies_to'] }), of: digest('The other statement.') },
  closed,
);

const inputMembers = {
  kind: kindName,
  lang: Type.String({ minLength: 2, maxLength: 35, description: 'Language of the free text, BCP 47.', examples: ['en'] }),
  exercise: Type.Boolean({ description: 'True in training and tests; never mixed with real statements.' }),
  valid_from: time('From when it may be used.'),
  valid_until: time('Until when; never open-ended.'),
  handling: object('TLP, handling codes, purposes, onward rule, classification; codes only, for it stays readable for ever.'),
  legal_basis: Type.Array(object('Instrument, provision, purpose, jurisdiction.'), {
    maxItems: 50,
    description: "The originator's own ground.",
  }),
  rel: Type.Array(relation, { maxItems: 200, description: 'Relations to other statements.' }),
  body: object('What is said, as the kind describes it; see /v1/kinds/{kind}/schema.'),
};

/** The envelope of what is handed in; the kind's own rules judge the rest, with findings. */
export const statementInput = Type.Object(inputMembers, {
  ...closed,
  description: 'A statement as it is handed in. The full schema is at /v1/kinds/{kind}/schema.',
});
export const draftInput = Type.Object(
  { ...Type.Partial(Type.Object(inputMembers)).properties, kind: kindName },
  { ...closed, description: 'A statement of which only the kind must be there.' },
);

/** `after` and `limit` of every list, and the members of its own. */
export function listQuery<T extends Record<string, TSchema>>(members: T) {
  return Type.Object(
    {
      after: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,200}$', description: 'The member `next` of the page before.' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Items on a page; 50 unless told.' })),
      ...members,
    },
    closed,
  );
}

export function listOf<T extends TSchema>(item: T, description: string) {
  return Type.Object(
    {
      items: Type.Array(item),
      next: Type.Optional(Type.String({ description: 'Cursor of the following page; absent on the last one. Its form means nothing.' })),
    },
    { description },
  );
}

/** `after` and `limit` for the store, and one page as the API shows it. */
export const paging = (query: { after?: string; limit?: number }) => ({
  limit: query.limit ?? 50,
  ...(query.after !== undefined && { after: query.after }),
});
export const pageOf = <R, T>(page: Page<R>, shape: (record: R) => T): { items: T[]; next?: string } => ({
  items: page.items.map(shape),
  ...(page.next !== undefined && { next: page.next }),
});

export const when = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
export const notHere = (what: string): Problem => new Problem('not_found', `there is no such ${what} here`);

/** Members that have a value: optional members are absent, never null. */
export function present<T extends Record<string, unknown>>(members: T): { [K in keyof T]?: Exclude<T[K], undefined | null> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null)) as never;
}

export const statementHeader = Type.Object(
  {
    digest: digest('Name of the statement everywhere.'),
    originator: entityId('Who signed it.'),
    own: Type.Boolean({ description: 'True when this node is the originator.' }),
    jti: Type.String({ description: 'Unique id given by the originator.' }),
    kind: kindName,
    ver: Type.String({ examples: ['1.0'] }),
    exercise: Type.Boolean(),
    state: statementState,
    lang: Type.Optional(Type.String()),
    issued_at: time('When it was signed, by the clock of the originator.'),
    valid_from: time('From when it may be used.'),
    valid_until: time('Until when.'),
    stored_at: time('When this node stored it.'),
    handling: Type.Optional(object('TLP, handling codes, purposes, onward rule, classification.')),
    legal_basis: Type.Optional(Type.Array(Type.Unknown(), { description: "The originator's own ground." })),
    author: Type.Optional(Type.String({ description: 'Pseudonym; own statements only.' })),
    releaser: Type.Optional(Type.String({ description: 'Pseudonym; own statements only.' })),
    single_release: Type.Optional(
      Type.Literal(true, { description: 'Its author released it alone; `GET /v1/single-releases/{digest}` says what became of that.' }),
    ),
    release_act: Type.Optional(
      Type.String({
        description:
          'Where a draft was released: who, why, and every point of the checklist that was confirmed (JSON). Its SHA-256 is the `ref` of the leaf in the log.',
      }),
    ),
    checks: Type.Optional(checks),
    reversals: Type.Optional(
      Type.Array(
        Type.Object({
          type: Type.Enum(['recalls', 'corrects', 'supersedes']),
          by: digest('The statement that says it.'),
          whole: Type.Boolean({ description: 'False: only parts of this statement.' }),
        }),
        {
          description: 'What its originator has said of it since, the oldest first. A corrected one is read together with its corrections.',
        },
      ),
    ),
  },
  { description: 'What is open of a statement: no content.' },
);

/** `now` in seconds since the epoch. */
export function headerOf(record: StatementRecord, now: number): Static<typeof statementHeader> {
  const claims = record.claims as { lang?: string; handling?: Record<string, unknown>; legal_basis?: unknown[] };
  return {
    digest: record.digest,
    originator: record.iss,
    own: record.own,
    jti: `urn:uuid:${record.jti}`,
    kind: record.kind,
    ver: record.ver,
    exercise: record.exercise,
    state: stateOf(record, now),
    issued_at: when(record.iat),
    valid_from: when(record.validFrom),
    valid_until: when(record.validUntil),
    stored_at: when(record.storedAt),
    ...present({
      lang: claims.lang,
      handling: claims.handling,
      legal_basis: claims.legal_basis,
      author: record.author,
      releaser: record.releaser,
      release_act: record.releaseAct,
    }),
    ...(record.singleRelease === record.digest && { single_release: true as const }),
    ...(record.reversals.length > 0 && { reversals: record.reversals }),
    ...(Array.isArray(record.checks) && { checks: record.checks as Static<typeof checks> }),
  };
}

export const releaseState = Type.Object(
  {
    release: digest('Name of the release.'),
    statement: digest('What was released.'),
    addressee: entityId('To whom.'),
    kind: kindName,
    state: Type.Enum(['queued', 'held', 'quarantined', 'refused', 'void'], {
      description: 'What the addressee has signed; `queued` until it has answered.',
    }),
    delivery: addresseeState,
    code: Type.Optional(Type.String({ description: 'Why it was refused, quarantined or voided.' })),
    released_at: time('When it was signed.'),
    offered_at: Type.Optional(time('When it was last offered.')),
    receipt: Type.Optional(digest('Receipt of the addressee.')),
    receipt_at: Type.Optional(time('When that arrived.')),
    agreement: digest('The agreement that permits it.'),
    purposes: Type.Array(Type.String()),
    retain_until: time('By when the addressee erases it.'),
    onward: Type.String(),
    parts: Type.Integer({ description: 'How many parts of the statement were disclosed.' }),
    epoch: Type.Integer(),
    position: Type.Integer({ description: "Place on the addressee's feed." }),
  },
  { description: 'One statement to one addressee.' },
);

export const releaseStateOf = (r: ReleaseRecord): Static<typeof releaseState> => ({
  release: r.digest,
  statement: r.statement,
  addressee: r.to,
  kind: r.kind,
  state: r.state,
  delivery: addresseeStateOf(r),
  released_at: when(r.iat),
  agreement: r.agreement,
  purposes: r.purposes,
  retain_until: when(r.retainUntil),
  onward: r.onward,
  parts: r.disclosed.length,
  epoch: r.epoch,
  position: r.position,
  ...present({ code: r.code, receipt: r.receipt }),
  ...(r.offeredAt !== undefined && { offered_at: when(r.offeredAt) }),
  ...(r.receiptAt !== undefined && { receipt_at: when(r.receiptAt) }),
});

export const flag = Type.Object(
  { watch: uuid('The list.'), name: Type.String(), fields: Type.Array(Type.String({ examples: ['container'] })) },
  { description: 'A watch list that this matches, by these fields. A possible hit: a person must compare before anything is done.' },
);

export const inboxItem = Type.Object(
  {
    release: digest('Name of the release.'),
    from: entityId('Who released it.'),
    received_at: time('When this node stored it.'),
    verdict: Type.Enum(['held', 'quarantined', 'refused']),
    code: Type.Optional(Type.String()),
    state: Type.Enum(['new', 'seen', 'taken']),
    taken_by: Type.Optional(Type.String({ description: 'Pseudonym.' })),
    agreement: Type.Optional(digest('The agreement that it names.')),
    purposes: Type.Array(Type.String(), { description: 'For what it may be used.' }),
    retain_until: Type.Optional(time('Until when it may be kept.')),
    onward: Type.Optional(Type.String()),
    reply_by: Type.Optional(time('By when an answer is asked for.')),
    flags: Type.Optional(Type.Array(flag, { description: 'Watch lists that it matches.' })),
    statement: Type.Optional(statementHeader),
  },
  { description: 'Something that a partner released to this node: terms and header, no content.' },
);

export const inboxItemOf = (r: InboxRecord, now: number, flags: Static<typeof flag>[] = []): Static<typeof inboxItem> => ({
  release: r.digest,
  from: r.from,
  received_at: when(r.receivedAt),
  verdict: r.verdict,
  state: r.inboxState,
  purposes: r.purposes,
  ...present({ code: r.code, taken_by: r.takenBy, agreement: r.agreement, onward: r.onward }),
  ...(r.retainUntil !== null && { retain_until: when(r.retainUntil) }),
  ...(r.replyBy !== null && { reply_by: when(r.replyBy) }),
  ...(flags.length > 0 && { flags }),
  ...(r.statementRecord && { statement: headerOf(r.statementRecord, now) }),
});

export const digestParameter = Type.Object({ digest: digest('The statement.') }, closed);
export const releaseParameter = Type.Object({ release: digest('The release.') }, closed);
