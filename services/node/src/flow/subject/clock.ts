/** What the clock does with the register: says what is due, and forgets who asked when the retention of the request ends. */
import { reminderHorizon, subjectStanding } from '@entente/policy';
import { codeOf } from '@entente/statement';
import type { Store } from '@entente/store';
import type { Chore } from '../housekeeping.js';
import { nodeEntry } from '../node-actor.js';
import { subjectRef } from './file.js';

interface ClockDeps {
  store: Pick<Store, 'subjectsDue' | 'forgetSubjects' | 'commit'>;
  identity: { id: string };
  now: () => number;
}

export const subjectChores = (deps: ClockDeps): Chore[] => [
  { name: 'saying which requests of persons are due', run: () => announceDue(deps) },
  { name: 'forgetting who asked', run: () => forget(deps) },
];

/** Once for each request, standing and end of its time: the store knows what was said. */
async function announceDue({ store, identity, now }: ClockDeps): Promise<void> {
  const due = await store.subjectsDue(reminderHorizon(now()));
  const notices = due.map(({ id, dueAt }) => ({
    event: 'subject_request.due',
    peer: identity.id,
    code: `${id} ${subjectStanding({ dueAt }, now())} ${new Date(dueAt * 1000).toISOString().slice(0, 10)}`,
  }));
  if (notices.length > 0) await store.commit({ notices });
}

/** The register is a log of what was done with personal data, and is kept as long. */
async function forget({ store, now }: ClockDeps): Promise<void> {
  const { maximum_days } = codeOf('retention-class', 'R-LOG') as unknown as { maximum_days: number };
  const forgotten = await store.forgetSubjects(now() - maximum_days * 86_400);
  if (forgotten.length > 0)
    await store.commit({ access: forgotten.map((id) => nodeEntry('ERASE', { object: subjectRef(id), code: 'expired' })) });
}
