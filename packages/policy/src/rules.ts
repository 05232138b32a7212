import { codeList, type DataClass } from '@entente/statement';

/** What the words of a rule may speak of. */
export interface Facts {
  to?: string | undefined;
  from?: string | undefined;
  kind?: string | undefined;
  agreement?: { id: string; version: number } | undefined;
  /** who stopped it */
  by?: string | undefined;
  dataClass?: DataClass | undefined;
  marking?: string | undefined;
}

interface Rule {
  /** for programs and for the other side: says nothing about others and nothing about why a rule is as it is */
  code: string;
  /** for the officer */
  words: (facts: Facts) => string;
}

const named = ({ agreement }: Facts): string =>
  agreement === undefined ? 'the agreement' : `agreement ${agreement.id}, version ${agreement.version},`;
const what = ({ dataClass }: Facts): string => {
  const label = codeList('data-class').codes.find(({ code }) => code === dataClass)?.label.en ?? 'this';
  return `"${label}" (${dataClass})`;
};

/** Every rule that can decide about a release, in one place. Its name is what previews, logs and tests call it. */
export const rules = {
  // why nobody may have it
  to_itself: { code: 'to_itself', words: () => 'A statement is not released to the agency that makes it.' },
  no_active_partner: { code: 'no_partner', words: ({ to }) => `${to} is not a partner with whom this agency exchanges at present.` },
  not_competent: {
    code: 'sender_not_competent',
    words: ({ kind }) => `An authority of this type does not send statements of the kind ${kind}.`,
  },
  statement_expired: { code: 'expired', words: () => 'The statement is no longer valid.' },
  exercise_apart: { code: 'exercise_mixed', words: () => 'Exercise and real information refer to each other; they are never mixed.' },
  above_node_ceiling: {
    code: 'handling_not_covered',
    words: (facts) => `It is classified ${facts.marking}, higher than this node may carry.`,
  },
  above_link_ceiling: {
    code: 'handling_not_covered',
    words: (facts) => `It is classified ${facts.marking}, higher than the link between ${facts.from} and ${facts.to} may carry.`,
  },
  target_not_held: {
    code: 'target_not_held',
    words: ({ to }) => `This changes or recalls a statement that ${to} does not hold; telling it would tell that the statement exists.`,
  },
  not_originator: {
    code: 'not_originator',
    words: () => 'Only the originator of a statement recalls, corrects or replaces it.',
  },
  no_tie: {
    code: 'no_tie',
    words: ({ from, to }) => `Neither ${from} nor ${to} has had anything of the other that it may still keep, or in the year after.`,
  },
  // why it may not be passed on, or be made of what others gave
  onward_forbidden: { code: 'no_onward_consent', words: () => 'It was given on terms that forbid to pass it on at all.' },
  consent_missing: {
    code: 'no_onward_consent',
    words: ({ from, to }) => `${from} has given no consent to pass it on to ${to}; silence is none.`,
  },
  consent_of_another: { code: 'no_onward_consent', words: ({ from }) => `The consent is not one of ${from} to this statement.` },
  consent_not_granted: { code: 'no_onward_consent', words: ({ from }) => `What ${from} has signed grants nothing.` },
  consent_to_others: {
    code: 'no_onward_consent',
    words: ({ from, to }) => `${from} has consented to another relay than this one to ${to}.`,
  },
  consent_not_from_outside: {
    code: 'no_onward_consent',
    words: ({ from }) => `${from} had it from outside and names no consent from there.`,
  },
  consent_over: { code: 'no_onward_consent', words: ({ from }) => `The consent of ${from} does not hold at this time.` },
  consent_withdrawn: { code: 'no_onward_consent', words: ({ from }) => `${from} has withdrawn its consent.` },
  beyond_consent: { code: 'no_onward_consent', words: ({ from }) => `More came, or for more purposes, than ${from} has consented to.` },
  input_without_consent: {
    code: 'no_onward_consent',
    words: ({ from, to }) => `It was made from information of ${from}, who has not consented that ${to} gets it.`,
  },
  // why no agreement lets it through
  agreement_missing: { code: 'no_agreement', words: ({ from, to }) => `There is no agreement between ${from} and ${to}.` },
  agreement_half_signed: {
    code: 'no_agreement',
    words: (facts) => `${capital(named(facts))} is not signed by both ${facts.from} and ${facts.to}.`,
  },
  agreement_not_yet: { code: 'no_agreement', words: (facts) => `${capital(named(facts))} is not yet in force.` },
  agreement_ended: { code: 'no_agreement', words: (facts) => `${capital(named(facts))} has ended.` },
  agreement_replaced: { code: 'no_agreement', words: (facts) => `${capital(named(facts))} was replaced by a later one.` },
  agreement_suspended: { code: 'no_agreement', words: (facts) => `${capital(named(facts))} is suspended by ${facts.by}.` },
  agreement_denounced: { code: 'no_agreement', words: (facts) => `${capital(named(facts))} was denounced by ${facts.by}.` },
  agreement_unknown: { code: 'agreement_unknown', words: () => 'The release names an agreement that this node does not hold.' },
  agreement_not_in_force: {
    code: 'agreement_not_in_force',
    words: (facts) => `${capital(named(facts))} was not in force between the two when this was released.`,
  },
  suspended_between: {
    code: 'agreement_not_in_force',
    words: (facts) => `${capital(named(facts))} was suspended by ${facts.by} when this came.`,
  },
  after_denunciation: {
    code: 'agreement_not_in_force',
    words: (facts) => `${capital(named(facts))} was denounced, and this came after the last position up to which it still held.`,
  },
  // why no grant of an agreement covers it; in the order in which they are asked
  direction_not_granted: {
    code: 'sender_not_covered',
    words: (facts) => `${capital(named(facts))} grants nothing from ${facts.from} to ${facts.to}.`,
  },
  kind_not_granted: {
    code: 'kind_not_covered',
    words: (facts) => `${capital(named(facts))} does not cover statements of the kind ${facts.kind}.`,
  },
  older_than_agreement: {
    code: 'issued_before_agreement',
    words: (facts) => `It was issued before ${named(facts)} took effect; an officer must release it expressly.`,
  },
  purpose_not_granted: {
    code: 'purpose_not_covered',
    words: (facts) => `None of the purposes of the statement is one of those of ${named(facts)} as granted.`,
  },
  tlp_above_ceiling: {
    code: 'handling_not_covered',
    words: (facts) => `It is marked TLP:${facts.marking}, stricter than ${named(facts)} covers.`,
  },
  classification_above_ceiling: {
    code: 'handling_not_covered',
    words: (facts) => `It is classified ${facts.marking}, higher than ${named(facts)} covers.`,
  },
  red_needs_names: { code: 'handling_not_covered', words: () => 'It is marked TLP:RED and nobody is named who may read it.' },
  nothing_granted: { code: 'class_not_covered', words: (facts) => `${capital(named(facts))} lets ${facts.to} see no part of it.` },
  class_not_granted_to_us: {
    code: 'class_not_covered',
    words: (facts) => `${what(facts)} came with it, which ${named(facts)} does not cover.`,
  },
  terms_run_out: { code: 'expired', words: () => 'The time for which it may be kept is over.' },
  // why one officer may not release it alone
  single_release_off: { code: 'second_officer_needed', words: () => 'This agency lets nobody release alone.' },
  not_immediate: { code: 'second_officer_needed', words: () => 'Alone is released only what is of the urgency IMMEDIATE.' },
  never_by_one: { code: 'second_officer_needed', words: ({ kind }) => `Two officers release a statement of the kind ${kind}, always.` },
  // about single parts
  class_granted: { code: 'released', words: (facts) => `${capital(named(facts))} lets ${facts.to} see ${what(facts)}.` },
  relation_held: { code: 'released', words: ({ to }) => `${to} holds the statement that this refers to.` },
  class_not_granted: { code: 'withheld', words: (facts) => `${capital(named(facts))} does not let ${facts.to} see ${what(facts)}.` },
  special_category: { code: 'withheld', words: () => 'Special categories of personal data never leave.' },
  authorisation_missing: { code: 'withheld', words: () => 'It needs the authorisation of a court or prosecutor, and none is named.' },
  no_transfer_basis: { code: 'withheld', words: ({ to }) => `There is no ground on which personal data may be transferred to ${to}.` },
  relation_not_held: { code: 'withheld', words: ({ to }) => `${to} does not hold the statement that this refers to.` },
  outside_consent: { code: 'withheld', words: () => 'The consent of the originator does not cover it.' },
  held_back: { code: 'withheld', words: () => 'An officer of this agency holds it back.' },
  container_withheld: { code: 'withheld', words: () => 'It is part of something that is withheld.' },
  nothing_inside: { code: 'withheld', words: () => 'Everything in this list is withheld.' },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;
/** The closed union of codes. */
export type RuleCode = (typeof rules)[RuleId]['code'];

export const reasonOf = (rule: RuleId, facts: Facts): string => rules[rule].words(facts);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
