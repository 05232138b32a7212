/**
 * What may cross which wire, worked out by hand from what was agreed: by no line of the code that is on trial. A value may reach a partner
 * if an act let its statement out to it, and one grant of one agreement between the two names direction, kind, class, marking and a purpose;
 * what another agency has signed also needs its consent, which names class, field and purpose.
 */
export interface Grant {
  from: string[];
  to: string[];
  kinds: string[];
  classes: string[];
  purposes: string[];
  tlp: string;
}

/** A value that is nowhere else, the class of data that it stands in, and the member of the body. */
export interface Canary {
  value: string;
  dataClass: 'N0' | 'N1' | 'C1' | 'P1';
  field: string;
}

export interface Consent {
  classes: string[];
  fields: string[];
  purposes: string[];
}

/** A statement on its way from one agency to others. */
export interface Act {
  from: string;
  addressees: string[];
  /** What was agreed, and not stopped, when it was done. */
  grants: Grant[];
  /** For what another agency has signed. */
  consent?: Consent;
}

export interface Told {
  kind: string;
  tlp: string;
  purposes: string[];
  canaries: Canary[];
  /** By its originator first, then by whom it has consented to. */
  acts: Act[];
}

const strictness = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'];

/** The act by which the value may cross, if there is one. */
export function mayCross(told: Told, canary: Canary, from: string, to: string): Act | undefined {
  return told.acts.find((act) => act.from === from && act.addressees.includes(to) && lets(told, act, canary, to));
}

function lets(told: Told, { from, grants, consent }: Act, { dataClass, field }: Canary, to: string): boolean {
  if (consent && !(consent.classes.includes(dataClass) && consent.fields.includes(field))) return false;
  const purposes = told.purposes.filter((purpose) => consent === undefined || consent.purposes.includes(purpose));
  return grants.some(
    (grant) =>
      grant.from.includes(from) &&
      grant.to.includes(to) &&
      grant.kinds.includes(told.kind) &&
      grant.classes.includes(dataClass) &&
      grant.purposes.some((purpose) => purposes.includes(purpose)) &&
      strictness.indexOf(told.tlp) <= strictness.indexOf(grant.tlp),
  );
}
