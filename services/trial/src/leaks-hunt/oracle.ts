/**
 * What may cross which wire, worked out by hand from what was agreed: by no line of the code that is on trial. A value may reach a partner
 * if the statement was addressed to it and one grant of one agreement between the two names direction, kind, class, marking and a purpose.
 */
export interface Grant {
  from: string[];
  to: string[];
  kinds: string[];
  classes: string[];
  purposes: string[];
  tlp: string;
}

/** A value that is nowhere else, and the class of data that it stands in. */
export interface Canary {
  value: string;
  dataClass: 'N0' | 'N1' | 'C1' | 'P1';
}

export interface Told {
  from: string;
  addressees: string[];
  kind: string;
  tlp: string;
  purposes: string[];
  canaries: Canary[];
  /** What was agreed when it was told. */
  grants: Grant[];
}

const strictness = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'];

export function mayCross(told: Told, { dataClass }: Canary, from: string, to: string): boolean {
  if (told.from !== from || !told.addressees.includes(to)) return false;
  return told.grants.some(
    (grant) =>
      grant.from.includes(from) &&
      grant.to.includes(to) &&
      grant.kinds.includes(told.kind) &&
      grant.classes.includes(dataClass) &&
      grant.purposes.some((purpose) => told.purposes.includes(purpose)) &&
      strictness.indexOf(told.tlp) <= strictness.indexOf(grant.tlp),
  );
}
