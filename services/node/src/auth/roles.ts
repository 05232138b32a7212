/** Who may do what: the roles of an agency's staff and one table of permissions. */

/** Roles as agencies name them. A person may hold several, except where the separation of duties forbids it. */
export const roles = [
  'ANALYST',
  'RELEASER',
  'CASE_OFFICER',
  'LICENSING_OFFICER',
  'CONTACT_POINT_24_7',
  'HEAD',
  'DPO',
  'SECURITY_OFFICER',
  'AUDITOR',
  'ADMIN',
] as const;
export type Role = (typeof roles)[number];

/** What a route asks for. Every route names exactly one. */
export type Permission =
  | 'statement.post'
  | 'statement.list'
  | 'statement.read'
  | 'statement.export'
  | 'statement.recall'
  | 'recall.read'
  | 'recall.decide'
  | 'answer.read'
  | 'retention.read'
  | 'hold.write'
  | 'horizon.move'
  | 'subject.list'
  | 'subject.read'
  | 'subject.handle'
  | 'subject.confirm'
  | 'draft.write'
  | 'draft.read'
  | 'draft.decide'
  | 'draft.release_alone'
  | 'declaration.write'
  | 'shipment.read'
  | 'inbox.read'
  | 'watch.read'
  | 'watch.write'
  | 'inbox.take'
  | 'delivery.read'
  | 'delivery.retry'
  | 'event.read'
  | 'webhook.manage'
  | 'federation.read'
  | 'federation.write'
  | 'agreement.write'
  | 'catalogue.read'
  | 'audit.read'
  | 'audit.checkpoint';

const officers: readonly Role[] = ['ANALYST', 'RELEASER', 'CASE_OFFICER', 'LICENSING_OFFICER', 'CONTACT_POINT_24_7', 'HEAD'];
const authors: readonly Role[] = ['ANALYST', 'CASE_OFFICER', 'LICENSING_OFFICER', 'CONTACT_POINT_24_7'];

/** ADMIN stands in no line that shows content: it sees peers, agreements, deliveries by digest, and the catalogue. */
const permissions: Record<Permission, readonly Role[]> = {
  'statement.post': authors,
  'statement.list': [...officers, 'DPO'],
  'statement.read': [...officers, 'DPO'],
  'statement.export': ['ANALYST', 'CASE_OFFICER', 'LICENSING_OFFICER', 'HEAD'],
  'statement.recall': [...authors, 'DPO'],
  'recall.read': [...officers, 'DPO', 'AUDITOR'],
  'recall.decide': ['RELEASER', 'HEAD', 'DPO'],
  'answer.read': [...officers, 'DPO', 'AUDITOR'],
  'retention.read': [...officers, 'DPO', 'AUDITOR'],
  'hold.write': ['CASE_OFFICER', 'HEAD', 'DPO'],
  'horizon.move': ['SECURITY_OFFICER', 'ADMIN'],
  'subject.list': ['DPO', 'HEAD', 'AUDITOR'],
  'subject.read': ['DPO', 'HEAD'],
  'subject.handle': ['DPO'],
  'subject.confirm': ['DPO', 'HEAD'],
  'draft.write': authors,
  'draft.read': [...officers, 'DPO'],
  'draft.decide': ['RELEASER', 'HEAD'],
  'draft.release_alone': ['CONTACT_POINT_24_7', 'HEAD'],
  'declaration.write': authors,
  'shipment.read': [...officers, 'DPO'],
  'inbox.read': [...officers, 'DPO'],
  'inbox.take': officers,
  'watch.read': [...officers, 'DPO'],
  'watch.write': officers,
  'delivery.read': [...officers, 'DPO', 'SECURITY_OFFICER', 'ADMIN'],
  'delivery.retry': ['RELEASER', 'CONTACT_POINT_24_7', 'HEAD', 'ADMIN'],
  'event.read': [...officers, 'DPO', 'SECURITY_OFFICER', 'ADMIN'],
  'webhook.manage': ['HEAD', 'ADMIN'],
  'federation.read': roles,
  'federation.write': ['ADMIN'],
  'agreement.write': ['ADMIN', 'HEAD'],
  'catalogue.read': roles,
  'audit.read': ['AUDITOR', 'DPO'],
  'audit.checkpoint': ['AUDITOR'],
};

/** Pairs that nobody holds together: who administers reads nothing, who releases does not supervise, who audits does not act. */
const incompatible: readonly (readonly [readonly Role[], readonly Role[]])[] = [
  [['ADMIN'], [...officers, 'DPO', 'AUDITOR']],
  [['RELEASER'], ['DPO']],
  [['AUDITOR'], [...officers, 'SECURITY_OFFICER']],
];

export const isRole = (value: unknown): value is Role => roles.includes(value as Role);

/** The first of the held roles that permits it, or undefined. It is the one that the access log names. */
export const roleFor = (held: readonly Role[], permission: Permission): Role | undefined =>
  held.find((role) => permissions[permission].includes(role));

/** Two held roles that the separation of duties keeps apart, or undefined. */
export function conflictOf(held: readonly Role[]): readonly [Role, Role] | undefined {
  for (const [ones, others] of incompatible) {
    const one = held.find((role) => ones.includes(role));
    const other = held.find((role) => others.includes(role));
    if (one && other) return [one, other];
  }
  return undefined;
}
