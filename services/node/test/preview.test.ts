/** What the preview shows is what is sent: held together on random statements, agreements and partners, without a database. */
import { randomBytes } from 'node:crypto';
import { type Grant, Permit, type SignedAgreement } from '@entente/policy';
import { type Disclosure, issueStatement, openRelease, openStatement } from '@entente/seal';
import { generateKey, nodeSigner, verificationKey } from '@entente/seal/node';
import { dataClasses, type JsonObject, kinds, type StatementInput } from '@entente/statement';
import fc from 'fast-check';
import t from 'tap';
import { address } from '../src/flow/addressed.js';
import { decideFor } from '../src/flow/decide.js';
import { judge } from '../src/flow/judge.js';
import { previewOf } from '../src/flow/preview.js';
import { kindNamed } from '../src/flow/validated.js';

const self = 'https://nl-cus.example';
const partners = ['https://de-lic.example', 'https://qm-cus.example', 'https://fr-cus.example'];
const everybody = [self, ...partners];
const now = 1_772_700_000;
const random = (bytes: number) => randomBytes(bytes);

const signers = { statement: nodeSigner(generateKey('ES256').privateJwk), release: nodeSigner(generateKey('ES256').privateJwk) };
const published = Object.entries(signers).map(([use, { kid, alg, jwk }]) =>
  verificationKey({ iss: self, kid, use: use as 'release', alg, jwk, not_before: 0, not_after: 2 * now }),
);
const findKey = (iss: string, kid: string, use: string) => published.find((key) => key.iss === iss && key.kid === kid && key.use === use);

// What may be asked, at random

/** Some of them, and of three times twice all. */
const part = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.tuple(fc.subarray([...values]), fc.nat(2)).map(([some, luck]) => (luck === 0 ? some : [...values]));
const purposes = ['CUSTOMS_CONTROL', 'CUSTOMS_OFFENCE_PREVENTION', 'LICENSING', 'PROSECUTION'];
const anyGrant: fc.Arbitrary<Grant> = fc.record({
  from: part(everybody),
  to: part(everybody),
  kinds: part(['alert', 'sighting']),
  classes: part(dataClasses),
  purposes: part(purposes),
  handling_ceiling: fc.record({
    tlp: fc.constantFrom('GREEN', 'AMBER', 'AMBER+STRICT', 'RED'),
    classification: fc.constantFrom('NONE', 'RESTRICTED', 'SECRET'),
  }),
  retention_days: fc.nat(400),
  onward: fc.constantFrom('none', 'originator_consent', 'named'),
  release: fc.constantFrom('automatic', 'second_officer'),
});
const anyAgreements: fc.Arbitrary<SignedAgreement[]> = fc
  .array(fc.record({ grants: fc.array(anyGrant, { maxLength: 3 }), signedBy: part(everybody), from: fc.integer({ min: -50, max: 5 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((list) =>
    list.map(({ grants, signedBy, from }, i) => ({
      digest: Buffer.alloc(32, i).toString('base64url'),
      agreement: {
        id: `A${i}`,
        version: 1,
        title: 'Random',
        instrument: 'MOU',
        parties: everybody,
        effective: now + from,
        expires: now + 86_400,
        grants,
        grace_hours: 1,
      },
      signedBy,
    })),
  );
/** Nobody drew up a grant that covers anything by luck alone: one that covers most stands beside the random ones. */
const generous = (classes: Grant['classes'], to: string[]): SignedAgreement => ({
  digest: Buffer.alloc(32, 99).toString('base64url'),
  agreement: {
    id: 'G',
    version: 1,
    title: 'Generous',
    instrument: 'MOU',
    parties: everybody,
    effective: now - 9,
    expires: now + 9,
    grace_hours: 1,
    grants: [
      {
        from: [self],
        to,
        kinds: ['alert', 'sighting'],
        classes,
        purposes,
        handling_ceiling: { tlp: 'AMBER+STRICT', classification: 'RESTRICTED' },
        retention_days: 30,
        onward: 'originator_consent',
        release: 'automatic',
      },
    ],
  },
  signedBy: everybody,
});
const anyStatement: fc.Arbitrary<StatementInput> = fc
  .record({
    kind: fc.constantFrom('alert', 'sighting'),
    without: fc.array(fc.nat(40), { maxLength: 12 }),
    tlp: fc.constantFrom('CLEAR', 'GREEN', 'AMBER', 'AMBER', 'AMBER+STRICT', 'RED'),
    level: fc.constantFrom('NONE', 'NONE', 'RESTRICTED', 'SECRET'),
    mode: fc.constantFrom('NONE', 'PRIOR_CONSENT', 'NAMED'),
    orcon: fc.boolean(),
    related: fc.subarray(['X', 'Y', 'Z']),
  })
  .map(({ kind, without, tlp, level, mode, orcon, related }) => {
    const { example } = kinds.get(kind)!;
    const members = Object.entries(structuredClone(example.body)).filter((_, at) => !without.includes(at));
    return {
      ...structuredClone(example),
      handling: { ...example.handling, tlp, orcon, onward: { mode }, classification: { scheme: 'NL', level } },
      rel: related.map((letter) => ({ type: 'replies_to', of: letter.repeat(42).concat('A') })),
      body: Object.fromEntries(members) as JsonObject,
    };
  });
const anyWorld = fc.record({
  input: anyStatement,
  agreements: fc
    .tuple(anyAgreements, fc.boolean(), part(dataClasses), part(partners))
    .map(([list, also, classes, to]) => (also ? [...list, generous(classes.length > 0 ? classes : ['N0'], to)] : list)),
  active: part(partners),
  holders: part(partners),
  ceiling: fc.constantFrom('NONE', 'RESTRICTED', 'SECRET'),
  link: fc.constantFrom('NONE', 'RESTRICTED', 'RESTRICTED'),
  transferBasis: fc.constantFrom('NONE', 'SAFEGUARDS_INSTRUMENT', 'ADEQUACY'),
  readers: part(partners).map((list) => list.map((addressee) => ({ addressee, names: ['officer-7', 'officer-9'] }))),
});

t.test('what the preview shows is what is sent: decided, sealed, judged and opened by the partner', async (t) => {
  let sent = 0;
  let withheld = 0;
  await fc.assert(
    fc.asyncProperty(anyWorld, async ({ input, agreements, active, holders, ceiling, link, transferBasis, readers }) => {
      const directory = {
        peer: (id: string) => (active.includes(id) ? { state: 'active', ceiling: link, transferBasis } : undefined),
        active: () => active.map((id) => ({ id })),
        agreements: () => agreements,
      };
      const store = {
        statement: async () => ({ iss: self, own: true, exercise: input.exercise }),
        releasesOf: async () => holders.map((to) => ({ to })),
        receivedOf: async () => [],
      };
      const identity = { id: self, published: { agencyType: 'CUS' }, signer: (use: 'statement' | 'release') => signers[use] };
      const deps = { store, identity, directory, ceiling, now: () => now, random } as never;
      const kind = kindNamed(input.kind);
      const previews = await previewOf(deps, { input, addressees: partners, readers });
      t.same(
        await previewOf(deps, { input, addressees: [], readers }),
        previews.filter(({ addressee }) => active.includes(addressee)),
        'nobody named: all partners',
      );
      const decided = await decideFor(deps, kind, input, partners, { readers });
      const request = {
        input,
        kind,
        iss: self,
        iat: now,
        jti: 'urn:uuid:018f6d2e-7c10-7b1a-9c55-3f0d6a0b1c01',
        signer: signers.statement,
        random,
      };
      const issued = await issueStatement(request);
      for (const [i, { addressee, decision }] of decided.entries()) {
        const shown = previews[i]!;
        if (!(decision instanceof Permit)) {
          t.match(shown, { addressee, permitted: false, rule: decision.rule, reason: decision.reason, parts: [] });
          continue;
        }
        const { jwt, jti, disclosed } = await address(deps, decision, issued);
        const arrived = await arrival(addressee, agreements, { jwt, jti, disclosures: disclosed.map(({ text }) => text) });
        const seen = shown.parts.filter((row) => row.shown).map((row) => row.pointer);
        t.same(arrived.pointers, origin(issued.disclosures, disclosed, seen), 'the parts that it says, and no other');
        t.same(arrived.terms, shown.terms, 'on the terms that it says');
        t.equal(arrived.agreement, shown.agreement?.digest);
        sent += 1;
        withheld += shown.parts.length - seen.length;
      }
    }),
    { numRuns: 500 },
  );
  t.ok(sent > 20 && withheld > 20, `among them ${sent} releases with ${withheld} parts withheld`);
});

/** Texts of the parts that the preview shows, in the order of the statement: what must have come, to the byte. */
function origin(all: readonly Disclosure[], sealed: readonly Disclosure[], seen: readonly string[]): string[] {
  const texts = all.filter(({ pointer }) => seen.includes(pointer)).map(({ text }) => text);
  return texts.length === seen.length ? texts.sort() : sealed.map(({ pointer }) => `${pointer} is not in the preview`);
}

/** As the partner takes it: judged by its rules under the same agreements, and opened. */
async function arrival(to: string, agreements: SignedAgreement[], delivered: { jwt: string; jti: string; disclosures: string[] }) {
  const nothing = {
    statement: async () => undefined,
    releasesOf: async () => [],
    receivedOf: async () => [],
    placeIn: async () => undefined,
  };
  const judged = await judge(
    {
      self: to,
      ceiling: 'SECRET',
      directory: { findKey, agreements: () => agreements, peer: () => ({ ceiling: 'SECRET' }) } as never,
      renewal: {} as never,
      refusedKinds: [],
      store: nothing,
      now: () => now,
    },
    self,
    delivered,
    [],
  );
  if (judged.verdict !== 'held') throw new Error(`the partner does not take it: ${JSON.stringify(judged)}`);
  const { terms } = judged.acceptance;
  const release = await openRelease(delivered.jwt, { iss: self, aud: to, findKey });
  const { disclosed } = await openStatement(release.statement, delivered.disclosures, findKey);
  const { retain_until, reply_by, ...rest } = terms;
  const when = (seconds: number) => new Date(seconds * 1000).toISOString();
  return {
    pointers: disclosed.map(({ text }) => text).sort(),
    agreement: release.agreement.digest,
    terms: { ...rest, retain_until: when(retain_until), ...(reply_by === undefined ? {} : { reply_by: when(reply_by) }) },
  };
}

t.test('a draft without what every rule asks for is not judged, and the officer is told what is wanting', async (t) => {
  const deps = {
    store: {},
    identity: { id: self, published: { agencyType: 'CUS' } },
    directory: { active: () => [], agreements: () => [], peer: () => undefined },
    now: () => now,
  };
  const wanting = async (input: object) =>
    await previewOf(deps as never, { input: input as never, addressees: partners }).then(
      () => [],
      (problem: { code: string; members: { findings: { pointer: string }[] } }) => [
        problem.code,
        ...problem.members.findings.map((f) => f.pointer),
      ],
    );
  t.match(await wanting({ kind: 'alert' }), ['invalid_statement', '/exercise', '/valid_until']);
  t.match(await wanting({ ...kinds.get('alert')!.example, body: { goods: 'none' } }), ['invalid_statement', '/body/goods']);
  t.same(await wanting({ ...kinds.get('alert')!.example, body: {} }), [], 'a body may still be empty');
});
