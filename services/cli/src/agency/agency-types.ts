/** What kind of authority an agency is; the agency type decides which kinds of statement it may send. */
export const agencyTypes = {
  CUS: 'customs',
  LIC: 'licensing authority',
  POL: 'police',
  FIU: 'financial intelligence unit',
  INT: 'intelligence or security service',
  SAN: 'sanctions authority',
  JUD: 'central authority for mutual legal assistance, prosecutor',
  MAR: 'maritime or coast guard, flag administration',
  REG: 'regime contact point',
  AUD: 'auditor, data protection authority',
  TRN: 'training unit',
} as const;
