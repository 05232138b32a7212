/** What subscribers are told, and who may be told it: names of things, never what they say. */
import type { Happening } from '@entente/store';
import { Type } from 'typebox';
import { digest, entityId, kindName, present, time, when } from '../agency/shapes.js';
import { type Permission, type Role, roleFor } from '../auth/roles.js';

/** Whoever may read it where it is listed may be told of it. */
const events = {
  'inbox.new': { permission: 'inbox.read', means: 'a release came in and is held' },
  'quarantine.new': { permission: 'delivery.read', means: 'something came in and could not be judged' },
  'statement.released': { permission: 'statement.list', means: 'a statement was released to a partner' },
  'release.held': { permission: 'delivery.read', means: 'a partner has signed that it holds a release' },
  'release.refused': { permission: 'delivery.read', means: 'a partner has signed that it refuses a release' },
  'attachment.refused': { permission: 'delivery.read', means: 'the bytes of an attachment are not what its statement says' },
  'feed.incomplete': {
    permission: 'delivery.read',
    means: 'a partner announced what it did not give, or gave what it did not announce, for longer than the merge delay',
  },
  'log.forked': {
    permission: 'delivery.read',
    means: 'a partner has signed two histories of its log: two checkpoints of one size prove it',
  },
  'log.inconsistent': {
    permission: 'delivery.read',
    means: 'a partner did not prove that its log grew from what it signed before',
  },
  'log.unwitnessed': {
    permission: 'delivery.read',
    means: "fewer partners than the quorum have cosigned the latest checkpoint of this node's own log; the code names its size",
  },
  'log.behind': {
    permission: 'delivery.read',
    means: "a partner has cosigned more of this node's own log than this node has: it may have come from a backup",
  },
  'expiry.near': {
    permission: 'delivery.read',
    means: 'something that the exchange needs ends within 30 days, here or at a partner; the code says what and when',
  },
  'subject_request.due': {
    permission: 'subject.list',
    means: 'the legal time of a request of a person ends within seven days, or is over; the code says which request, and when',
  },
  'single_release.pending': {
    permission: 'draft.read',
    means: 'one officer has released a statement alone; another must confirm it before the time that the code is, or it is recalled',
  },
  'single_release.decided': {
    permission: 'draft.read',
    means: 'what became of such a release: the code is confirmed, rejected or lapsed; after the last two it is recalled',
  },
  'feed.epoch': {
    permission: 'delivery.read',
    means: 'a partner has lost what it had last signed, and its feed goes on in a new epoch, of which the code is the number',
  },
} as const satisfies Record<string, { permission: Permission; means: string }>;

export type EventName = keyof typeof events;
export const eventNames = Object.keys(events) as EventName[];
export const eventMeanings = Object.entries(events)
  .map(([name, { means }]) => `\`${name}\`: ${means}`)
  .join('; ');

export const mayBeTold = (roles: readonly Role[], event: string): boolean =>
  Object.hasOwn(events, event) && roleFor(roles, events[event as EventName].permission) !== undefined;

export const eventName = Type.Enum(eventNames, { description: `${eventMeanings}.` });

export const eventData = Type.Object(
  {
    peer: entityId('The partner.'),
    kind: Type.Optional(kindName),
    release: Type.Optional(digest('The release.')),
    statement: Type.Optional(digest('The statement.')),
    code: Type.Optional(Type.String({ description: 'Why, where it was refused or could not be judged.' })),
    at: time('When this node stored it.'),
  },
  { description: 'Names only; what they name is read where it is kept, for a purpose.' },
);

export const eventDataOf = ({ peer, kind, release, statement, code, at }: Happening) => ({
  peer,
  ...present({ kind, release, statement, code }),
  at: when(at),
});
