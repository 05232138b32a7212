import { type OnwardConsent, Refusal, type RelayFacts, readConsent } from '@entente/policy';
import { SealError } from '../errors.js';
import type { FindKey } from '../identity/keys.js';
import { joinStatement, type OpenedStatement, openStatement, splitStatement } from '../statement/open.js';

/** What an onward recipient must see of a consent; of its recipients only itself, so that none learns of another. */
const shown: ReadonlySet<string> = new Set([
  '/body/consent_kind',
  '/body/decision',
  '/body/holder',
  '/body/to_whom',
  '/body/scope',
  '/body/external_consent',
]);

/** A consent as it travels with what is passed on by it to `to`: the signed token and the disclosures that this one must see. */
export function consentFor({ jwt, disclosed, body, rel }: OpenedStatement, to: string): string {
  const recipients = Array.isArray(body.to_whom) ? body.to_whom : [];
  const at = recipients.findIndex((entry) => (entry as { node?: unknown } | null)?.node === to);
  const target = rel.findIndex(({ type }) => type === 'consents_to');
  const needed = disclosed.filter(({ pointer }) => shown.has(pointer) || pointer === `/body/to_whom/${at}` || pointer === `/rel/${target}`);
  return joinStatement(
    jwt,
    needed.map(({ text }) => text),
  );
}

/**
 * Opens the consent that came with a relayed release (docs/protocol.md 7): the originator's own signature, and that it was given for this
 * relay. Attacker-controlled.
 *
 * @throws SealError no_onward_consent, and those of openStatement
 */
export async function openConsent(text: string, facts: RelayFacts, findKey: FindKey): Promise<OnwardConsent> {
  const { jwt, disclosures } = splitStatement(text);
  const opened = await openStatement(jwt, disclosures, findKey);
  const consent = readConsent(opened, facts);
  if (consent instanceof Refusal) throw new SealError('no_onward_consent', consent.rule);
  return consent;
}
