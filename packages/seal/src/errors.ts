/**
 * Why something was refused. One closed union; docs/protocol.md gives each code its section.
 * The words are for logs and officers; programs look at the code only.
 */
export const sealCodes = {
  // form of what was received (sections 1 and 3)
  malformed: 'not the form that the standard gives',
  too_large: 'larger than the limit',
  too_deep: 'nested deeper than 16 levels',
  non_canonical: 'the same bytes can be written in another way',
  duplicate_member: 'a member name stands twice in one object',
  lone_surrogate: 'text that is not Unicode',
  bad_number: 'a number that is not an integer within 2^53',
  bad_claims: 'a claim is missing, unknown or of the wrong form',
  // header, key, signature (section 1)
  bad_header: 'a header parameter that is not allowed',
  bad_alg: 'the algorithm is not the one of the key',
  wrong_typ: 'signed as something else',
  bad_key: 'not a key of a known algorithm',
  unknown_key: 'no such key of this node for this use',
  key_not_valid: 'the key was not valid at the time of issue',
  key_compromised: 'the key was compromised and nothing proves that this existed before',
  bad_signature: 'the signature does not fit',
  // identity and trust (section 2)
  not_pinned: 'not signed by the key that was pinned',
  stale_configuration: 'not newer than the configuration that is held',
  expired_configuration: 'the configuration has run out',
  key_not_unique: 'a key, certificate or log origin is claimed twice',
  key_history_changed: 'a published key has vanished or changed',
  key_backdated: 'a new key claims to be valid before it was published',
  // statement (section 4)
  bad_disclosure: 'a disclosure is not [salt, name, value] or [salt, value]',
  unreferenced_disclosure: 'a disclosure that the signature does not cover',
  duplicate_disclosure: 'a disclosure stands twice',
  duplicate_digest: 'a digest stands twice',
  reserved_name: 'a name that SD-JWT reserves',
  name_taken: 'a disclosure repeats a name that is already there',
  trailing_text: 'text after the last tilde',
  // delivery (sections 5, 6, 7)
  wrong_issuer: 'not from the node that sent it',
  wrong_audience: 'addressed to another node',
  wrong_statement: 'the statement is not the one that the release names',
  disclosures_differ: 'the disclosures are not those that the release names',
  no_onward_consent: 'relayed without consent of the originator',
  page_gap: 'the page does not follow the last one',
  chain_mismatch: 'the chain of the page does not fit its entries',
  permit_mismatch: 'the permit does not fit the statement or the sender',
  // agreement (section 8)
  bad_agreement: 'not an agreement',
  duplicate_party: 'a party has signed twice',
  unknown_party: 'signed by somebody who is no party',
  // content (section 10)
  unknown_kek: 'the key that wraps this content is not here',
  content_unreadable: 'the content or its key was altered',
} as const;

export type SealCode = keyof typeof sealCodes;

/** The one error of this package. `detail` never carries content, only names and places. */
export class SealError extends Error {
  override readonly name = 'SealError';
  constructor(
    readonly code: SealCode,
    detail?: string,
  ) {
    super(detail === undefined ? `${code}: ${sealCodes[code]}` : `${code}: ${sealCodes[code]} (${detail})`);
  }
}
