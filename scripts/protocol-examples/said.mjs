// Statements about the alert of the page, in its markings: what is asked, consented to, recalled, corrected, answered.
import * as seal from '@entente/seal';
import { kinds, unfold, validateDisclosed, validateFull } from '@entente/statement';
import { fixedRandom } from '../../packages/seal/dist/scripts/fixed-keys.js';
import { day, findKey, keyOf, must, now } from './parties.mjs';

export const time = (offset) => new Date((now + offset) * 1000).toISOString().replace('.000Z', 'Z');

/** @param number the last digit of its jti */
export async function said(alert, { name, iss, number, offset, until = 365 * day, rel, body }) {
  const kind = kinds.get(name);
  const { lang, exercise, handling, legal_basis } = alert.claims;
  const input = { kind: name, lang, exercise, valid_from: time(offset), valid_until: time(until), handling, legal_basis, rel, body };
  const rejected = validateFull(kind, input).filter(({ level }) => level !== 'warn');
  must(rejected.length === 0, `${name} ${JSON.stringify(rejected)}`);
  const jti = `urn:uuid:019cadcc-5ce0-7a11-8f00-00000000c0d${number}`;
  const signer = keyOf(iss, 'statement').signer;
  const issued = await seal.issueStatement({ input, kind, iss, iat: now + offset, jti, signer, random: fixedRandom(name) });
  const texts = issued.disclosures.map(({ text }) => text);
  const opened = await seal.openStatement(issued.jwt, texts, findKey);
  must(validateDisclosed(kind, opened.claims, unfold(kind, opened.body), opened.rel).length === 0, `${name}, disclosed`);
  return { ...issued, opened };
}
