/** Shapes that the routes of the audit API share. */
import { Type } from 'typebox';
import { entityId } from '../agency/shapes.js';

export const whole = (description: string, minimum = 0) => Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER, description });
export const logMember = { log: Type.Optional(Type.Enum(['exchange', 'access'], { description: 'Which log; `exchange` unless told.' })) };
export const epochMember = { epoch: Type.Optional(whole('Epoch of the log; the present one unless told.', 1)) };
export const direction = Type.Enum(['out', 'in'], { description: '`out`: from this node to the partner.' });
export const partner = entityId('The partner.');
export const jwt = Type.String({ description: 'What was signed, as it was signed.' });
export const hashes = Type.Array(Type.String(), { description: 'SHA-256 hashes, base64, in the order of RFC 6962.' });

export const checkpointShape = Type.Object(
  {
    log: Type.String(),
    epoch: Type.Integer(),
    size: Type.Integer(),
    note: Type.String({ description: 'C2SP checkpoint: a signed note.' }),
  },
  { description: 'Signed size and root of a log.' },
);
export const position = Type.Integer({ description: 'Place in the log, from 0.' });
export const ENTRIES_AT_ONCE = 1000;
export const fromQuery = {
  from: Type.Optional(whole('First position.')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: ENTRIES_AT_ONCE, description: 'Entries in one answer; 500 unless told.' })),
};
export const nextPosition = Type.Optional(Type.Integer({ description: 'The next `from`; absent at the end.' }));
export const feedQuery = {
  peer: partner,
  direction: Type.Optional(direction),
  epoch: Type.Optional(whole('Epoch of the feed; the present one unless told.', 1)),
  from: Type.Optional(whole('First position.', 1)),
};
export const PAGES_AT_ONCE = 100;

export const tags = ['Audit'];
/** What every route of this API that reads is open to. */
export const read = { config: { permission: 'audit.read' as const } };
export const base64 = (hash: Uint8Array): string => Buffer.from(hash).toString('base64');
/** The next `from`, where an answer was full. */
export const nextOf = (items: { position: number }[], limit: number): { next?: number } =>
  items.length === limit ? { next: items.at(-1)!.position + 1 } : {};
