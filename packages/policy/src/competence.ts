import { kinds, maySend } from '@entente/statement';

/** Whether an authority of this type may say it: mutual assistance is between customs, denials come from licensing authorities. What is not known is judged elsewhere. */
export function isCompetent(kind: string, agencyType: string | undefined): boolean {
  const known = kinds.get(kind);
  return agencyType === undefined || known === undefined || maySend(known, agencyType);
}
