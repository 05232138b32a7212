/** The roles a token can carry. An administrator has no access to content; author and releaser are never one person. */
export const roles = {
  ANALYST: 'writes drafts, reads what came in',
  RELEASER: 'releases what another wrote',
  DPO: 'data protection officer: reads logs, never releases',
  SECURITY_OFFICER: 'incidents and keys',
  LICENSING_OFFICER: 'licences and denials',
  CASE_OFFICER: 'works on cases',
  CONTACT_POINT_24_7: 'answers at any hour',
  HEAD: 'overrides, with a reason',
  AUDITOR: 'reads logs and proofs',
  ADMIN: 'peers, agreements, keys; no content',
} as const;

export type Role = keyof typeof roles;

export function isRole(value: string): value is Role {
  return Object.hasOwn(roles, value);
}
