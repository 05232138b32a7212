/** What the node does by itself, by the clock or because a partner asked for it, stands in the access log like the act of a person. */
import type { AccessEntry } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor } from '../agency/acts.js';

export const nodeActor: Actor = { pseudonym: 'node', role: 'NODE', unit: '', requestId: 'clock' };

export const nodeEntry = (operation: AccessEntry['operation'], about: Parameters<typeof accessEntry>[2]): AccessEntry =>
  accessEntry(nodeActor, operation, about);
