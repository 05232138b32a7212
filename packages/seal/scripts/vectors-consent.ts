import { kinds, type StatementInput } from '@entente/statement';
import { consentFor, digestOf, issueStatement, type Json, joinStatement, openStatement, type SealCode } from '../src/index.js';
import { verificationKey } from '../src/node.js';
import { type FixedKey, fixedRandom } from './fixed-keys.js';
import { issuedAt, known, originator, recipient, type Vector, vectorKeys } from './vector.js';

const kind = kinds.get('consent')!;
const holder = 'https://qm-cus.example';
const other = 'https://tv-cus.example';
const target = digestOf('the statement that is passed on');
const time = (offset: number) => new Date((issuedAt + offset) * 1000).toISOString().replace('.000Z', 'Z');
const day = 86_400;
/** What is passed on, by whom, to whom, when. */
const facts = { originator, target, exercise: true, external: false, holder, to: recipient, at: issuedAt + day };

type Change = (input: StatementInput) => object;

function input(change: Change = () => ({})): StatementInput {
  const { body, ...rest } = structuredClone(kind.example);
  const scope = { ...(body.scope as object), until: time(30 * day), retain_until: time(60 * day) };
  const to_whom = [recipient, other].map((node, i) => ({ id: `R${i + 1}`, node }));
  const granted = {
    ...rest,
    valid_from: time(0),
    valid_until: time(40 * day),
    rel: [{ type: 'consents_to', of: target }],
    body: { ...body, holder, to_whom, scope } as StatementInput['body'],
  };
  return { ...granted, ...change(granted) };
}
const body =
  (change: object): Change =>
  (granted) => ({ body: { ...granted.body, ...change } });
const scope =
  (change: object): Change =>
  (granted) =>
    body({ scope: { ...(granted.body.scope as object), ...change } })(granted);

const keys = known.filter(({ iss }) => iss === originator).slice(0, 3);
const findKey = (_iss: string, kid: string) => {
  const record = known.find((key) => key.kid === kid);
  return record && verificationKey(record);
};

async function signed(change?: Change, key: FixedKey = vectorKeys.statement) {
  const issued = await issueStatement({
    input: input(change),
    kind,
    iss: originator,
    iat: issuedAt,
    jti: 'urn:uuid:019cadd7-7e50-7b1a-9c55-3f0d6a0b1c02',
    signer: key.signer,
    random: fixedRandom('vector consent'),
  });
  const texts = issued.disclosures.map(({ text }) => text);
  return { ...issued, text: consentFor(await openStatement(issued.jwt, texts, findKey), recipient) };
}

/** A consent as it travels with a relayed release, and each change of it that makes it none for this relay. */
export async function consentVectors(): Promise<Vector[]> {
  const good = await signed();
  const vector = (name: string, what: string, text: string, expected: Vector['expected'], more: Record<string, Json> = {}): Vector => ({
    name: `consent-${name}`,
    what,
    section: '5, 7',
    operation: 'open_consent',
    keys,
    input: { text, ...facts, ...more },
    expected,
  });
  const none = { error: 'no_onward_consent' as SealCode };
  const refuse = async (name: string, what: string, change: Change) => vector(name, what, (await signed(change)).text, none);
  const elsewhere = (name: string, what: string, more: Record<string, Json>) => vector(name, what, good.text, none, more);
  const without = (name: string, what: string, pointer: string) => {
    const shown = new Set(good.text.split('~').slice(1, -1));
    const left = good.disclosures.filter((d) => shown.has(d.text) && d.pointer !== pointer && !d.pointer.startsWith(`${pointer}/`));
    const texts = left.map(({ text }) => text);
    return vector(name, what, joinStatement(good.jwt, texts), none);
  };
  return Promise.all([
    vector('ok', 'a consent to this relay, without its other recipients', good.text, {
      ok: { digest: good.digest, holder, to: recipient },
    }),
    refuse('refused', 'a refusal', body({ decision: 'REFUSED' })),
    refuse('withdrawn', 'a withdrawal', body({ decision: 'WITHDRAWN' })),
    refuse('other-kind', 'a consent to use it in court', body({ consent_kind: 'DISCLOSE_TO_COURT' })),
    refuse('other-target', 'a consent to another statement', () => ({ rel: [{ type: 'consents_to', of: digestOf('x') }] })),
    refuse('only-replies', 'a reply that consents to nothing', () => ({ rel: [{ type: 'replies_to', of: target }] })),
    refuse('other-holder', 'given to another holder', body({ holder: other })),
    refuse('over', 'run out', scope({ until: time(day) })),
    refuse('kept-no-longer', 'nobody may keep it any more', scope({ retain_until: time(day) })),
    refuse('not-yet', 'not yet valid', () => ({ valid_from: time(2 * day) })),
    refuse('real', 'not of an exercise, for one', () => ({ exercise: false })),
    elsewhere('not-from-outside', 'to what came from outside, without a consent from there', { external: true }),
    vector(
      'from-outside',
      'to what came from outside, with the consent from there',
      (await signed(body({ external_consent: 'Letter of 3 March' }))).text,
      { ok: { holder, to: recipient } },
      { external: true },
    ),
    elsewhere('to-another', 'passed on to a node that it does not show', { to: other }),
    elsewhere('of-another', 'of another originator', { originator: other }),
    without('scope-withheld', 'its limits withheld', '/body/scope'),
    without('holder-withheld', 'its holder withheld', '/body/holder'),
    without('decision-withheld', 'its decision withheld', '/body/decision'),
    without('recipients-withheld', 'its recipients withheld', '/body/to_whom'),
    without('target-withheld', 'what it is about withheld', '/rel/0'),
    vector('no-tilde', 'without the tilde at its end', good.text.slice(0, -1), { error: 'trailing_text' }),
    vector('release-key', 'signed with a key for releases', (await signed(undefined, vectorKeys.release)).text, { error: 'unknown_key' }),
  ]);
}
