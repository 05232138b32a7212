// An alert goes on to a third agency: asked, consented to, relayed with less, verified under the signature of who wrote it.
import { accept, decideRelay, Permit, Refusal, readConsent } from '@entente/policy';
import * as seal from '@entente/seal';
import { kinds, partsOf, unfold, validateDisclosed } from '@entente/statement';
import { fixedRandom } from '../../packages/seal/dist/scripts/fixed-keys.js';
import { day, findKey, keyOf, must, now, recipient, sender, third } from './parties.mjs';
import { said, time } from './said.mjs';
import { code, fenced, json, shown, shownStatement } from './show.mjs';

const asked = 600;
const answered = 3600;
const passed = 4200;
const scope = { classes: ['N0', 'N1'], purposes: ['CUSTOMS_CONTROL'], until: time(10 * day) };
const fields = ['/body/alert_kind', '/body/title', '/body/goods', '/body/suspicions', '/body/urgency'];

/** @param alert the statement of section 4.6, opened, as the recipient of section 5.4 holds it; `configuration` of its originator */
export async function onward(alert, { agree, configuration }) {
  const request = await said(alert, {
    name: 'consent_request',
    iss: recipient,
    number: '1',
    offset: asked,
    until: 10 * day,
    rel: [{ type: 'replies_to', of: alert.digest }],
    body: {
      consent_kind: 'ONWARD_TRANSFER',
      to_whom: [third],
      why: 'The consignee is established there.',
      scope: { fields: [...fields, '/body/narrative'], ...scope },
      reply_by: time(2 * day),
    },
  });
  const consent = await said(alert, {
    name: 'consent',
    iss: sender,
    number: '2',
    offset: answered,
    until: 10 * day,
    rel: [
      { type: 'consents_to', of: alert.digest },
      { type: 'replies_to', of: request.digest },
    ],
    body: {
      consent_kind: 'ONWARD_TRANSFER',
      decision: 'GRANTED',
      holder: recipient,
      to_whom: [{ id: 'R1', node: third }],
      scope: { fields, ...scope, retain_until: time(60 * day) },
    },
  });
  const agreement = await agree(recipient, third);
  const relay = await relayed(alert, consent.opened, { agreement, configuration });
  const body = await judged(relay, agreement);
  return {
    'consent request': shownStatement('The request of the recipient of section 5.4', request),
    consent: shownStatement('The decision of the originator', consent),
    relay: [
      shown('The release by which the recipient passes the alert on', relay.jwt),
      `Its digest: ${code(relay.digest)}. It is sent with ${relay.disclosed.length} disclosures of the alert, out of those of section 4.6:`,
      fenced(relay.disclosed.map(({ pointer, digest }) => `${digest}  ${pointer}`).join('\n')),
      'The digest of the statement, and so its name, is that of section 4.6, and the signature of its originator verifies. What the third agency can read then; the narrative was not consented to, the suspicions are held back by the relay:',
      json(body),
    ].join('\n\n'),
  };
}

async function relayed(alert, consent, { agreement, configuration }) {
  const kind = kinds.get('alert');
  const { handling, legal_basis, exercise, valid_until, iat } = alert.claims;
  const facts = { originator: sender, target: alert.digest, exercise, external: false, holder: recipient, to: third, at: now + passed };
  const given = readConsent(consent, facts);
  must(!(given instanceof Refusal), 'consent');
  const question = {
    kind: kind.name,
    parts: partsOf(kind, unfold(kind, alert.body), alert.rel),
    ...{ handling, legal_basis, exercise, valid_until, rel: alert.rel },
    ...{ from: recipient, to: third, agreements: [agreement.signed], now: now + passed },
    ...{ originator: sender, issued_at: iat, release_act: true, held_back: ['/body/suspicions'] },
  };
  const permit = decideRelay(question, given);
  must(permit instanceof Permit, `relay ${permit.rule}`);
  const request = {
    iss: recipient,
    iat: now + passed,
    jti: Buffer.from(fixedRandom('relay')(16)).toString('base64url'),
    statement: { jwt: alert.jwt, digest: alert.digest },
    disclosures: alert.disclosures,
    consent: seal.consentFor(consent, third),
    issuer: configuration,
  };
  return await seal.sealRelay(permit, request, keyOf(recipient, 'release').signer);
}

/** What the third agency does with it (section 7). */
async function judged(relay, agreement) {
  const kind = kinds.get('alert');
  const opened = await seal.openRelease(relay.jwt, { iss: recipient, aud: third, findKey });
  const texts = relay.disclosed.map(({ text }) => text);
  const statement = await seal.openStatement(opened.statement, texts, findKey);
  const { exercise } = statement.claims;
  const facts = {
    originator: statement.claims.iss,
    target: statement.digest,
    exercise,
    external: false,
    holder: recipient,
    to: third,
    at: opened.iat,
  };
  const consent = await seal.openConsent(opened.consent, facts, findKey);
  seal.assertDisclosed(opened, statement.disclosed);
  const body = unfold(kind, statement.body);
  must(validateDisclosed(kind, statement.claims, body, statement.rel).length === 0, 'disclosed schema');
  const arrival = {
    ...{ release: opened, claims: statement.claims, parts: partsOf(kind, body, statement.rel), consent },
    ...{ from: recipient, to: third, agreements: [agreement.signed], now: opened.iat },
  };
  must(!(accept(arrival) instanceof Refusal), 'acceptance of what was passed on');
  return body;
}
