/** Entries of the access log: who did what to which object, under which role, for which purpose. */
import type { AccessEntry } from '@entente/store';
import type { Actor } from './acts.js';

export function accessEntry(
  by: Actor,
  operation: AccessEntry['operation'],
  about: { object?: string; recipients?: string[]; code?: string } = {},
): AccessEntry {
  return {
    actor: by.pseudonym,
    role: by.role,
    operation,
    request_id: by.requestId,
    ...(by.purpose !== undefined && { purpose: by.purpose }),
    ...(by.justification !== undefined && { justification: by.justification }),
    ...about,
  };
}
