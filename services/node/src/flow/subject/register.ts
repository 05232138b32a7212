/** The register: a person asks what is held about him, and two people say what he is told. */
import { answerDue, extendedDue, obstacleToAnswer, subjectObstacleWords } from '@entente/policy';
import { codeOf, text } from '@entente/statement';
import type { Store, SubjectRequestRecord, SubjectRequestWrite } from '@entente/store';
import { accessEntry } from '../../agency/access.js';
import type { Actor } from '../../agency/acts.js';
import type { SubjectActs, SubjectAnswer } from '../../agency/subject-acts.js';
import type { ContentKeys } from '../../content-keys.js';
import { Problem } from '../../problem.js';
import { uuidV7 } from '../uuid.js';
import { assertFindable, openFile, type SubjectFile, sealFile, subjectRef } from './file.js';
import { type FindingDeps, foundFor } from './findings.js';

export interface RegisterDeps extends FindingDeps {
  store: FindingDeps['store'] & Pick<Store, 'subjectRequest' | 'commit'>;
  content: Pick<ContentKeys, 'seal' | 'open'>;
  random: (bytes: number) => Uint8Array;
}

type Change = Partial<Omit<SubjectRequestWrite, 'id' | 'expectVersion' | 'sealed'>>;

export async function knownRequest(store: Pick<Store, 'subjectRequest'>, id: string): Promise<SubjectRequestRecord> {
  const record = await store.subjectRequest(id);
  if (!record) throw new Problem('not_found', 'there is no such request here');
  return record;
}

/** Not answered yet. */
export async function openRequest(store: Pick<Store, 'subjectRequest'>, id: string): Promise<SubjectRequestRecord> {
  const record = await knownRequest(store, id);
  if (record.state === 'answered') throw new Problem('conflict', 'this request is answered');
  return record;
}

/** What changes beneath an answer that nobody has confirmed takes it back. */
export const takenBack = { state: 'open', outcome: undefined, ground: undefined, composedBy: undefined } as const;

/** The row as it is to be written. */
export function written({ version, createdAt: _, updatedAt: __, sealed, ...record }: SubjectRequestRecord, change: Change) {
  if (!sealed) throw new Problem('not_found', 'who asked is forgotten: the retention of this request has ended');
  return { ...record, ...change, expectVersion: version, sealed } as SubjectRequestWrite;
}

export function createRegister(deps: RegisterDeps): Omit<SubjectActs, 'search' | 'refer'> {
  const { store, content, now } = deps;

  async function write(record: SubjectRequestRecord, change: Change, file: SubjectFile, by: Actor, code: string, discloses: string[] = []) {
    const recipients = [subjectRef(record.id)];
    await store.commit({
      subjectRequests: [{ ...written(record, change), sealed: sealFile(content, record.id, file) }],
      access: [
        accessEntry(by, 'ALTER', { object: subjectRef(record.id), code }),
        ...discloses.map((object) => accessEntry(by, 'DISCLOSE', { object, recipients })),
      ],
    });
  }

  /** Throws `conflict` with the reason in words. */
  async function assertSayable(
    record: SubjectRequestRecord,
    answer: Pick<SubjectAnswer, 'outcome' | 'ground' | 'discloses'>,
  ): Promise<void> {
    const findings = (await foundFor(deps, record)).map((found) => ({ ...found, measures: found.measures.map(({ type }) => type) }));
    const { right, identity, searchedAt } = record;
    const obstacle = obstacleToAnswer({ right, identity, searched: searchedAt !== undefined, findings }, answer);
    if (obstacle) throw new Problem('conflict', subjectObstacleWords(obstacle));
  }

  return {
    register: async ({ right, channel, identity, receivedAt = now(), file, by }) => {
      if (receivedAt > now()) throw new Problem('invalid_request', 'received_at is still to come');
      assertFindable(file);
      const id = uuidV7(Date.now(), deps.random);
      const request = { id, right, channel, identity, receivedAt, dueAt: answerDue(receivedAt), registeredBy: by.pseudonym };
      await store.commit({
        subjectRequests: [{ ...request, expectVersion: 0, state: 'open', extended: false, sealed: sealFile(content, id, file) }],
        access: [accessEntry(by, 'COLLECT', { object: subjectRef(id) })],
      });
      return id;
    },
    identify: async ({ id, identity, note, by }) => {
      const record = await openRequest(store, id);
      const file = openFile(content, record);
      await write(record, { ...takenBack, identity }, { ...file, ...(note !== undefined && { identity_note: note }) }, by, 'identity');
    },
    extend: async ({ id, reason, by }) => {
      const record = await openRequest(store, id);
      const dueAt = extendedDue(record, now());
      if (dueAt === undefined) throw new Problem('conflict', 'the time of a request is extended once, before it ends');
      await write(record, { dueAt, extended: true }, { ...openFile(content, record), extension_reason: reason }, by, 'extended');
    },
    compare: async ({ id, statement, concerns, by }) => {
      const record = await openRequest(store, id);
      if (!(await foundFor(deps, record)).some((found) => found.statement === statement))
        throw new Problem('not_found', 'this statement was not found for this request');
      await store.commit({
        subjectRequests: [written(record, takenBack)],
        subjectFindings: [{ request: id, statement, concerns, comparedBy: by.pseudonym }],
        access: [accessEntry(by, 'ALTER', { object: subjectRef(id), code: 'compared' })],
      });
    },
    compose: async ({ id, answer, by }) => {
      const record = await openRequest(store, id);
      await assertSayable(record, answer);
      const { outcome, ground, discloses } = answer;
      const file = { ...openFile(content, record), answer: { text: wordsOf(answer), discloses } };
      await write(record, { state: 'proposed', outcome, ground, composedBy: by.pseudonym }, file, by, 'composed');
    },
    confirm: async ({ id, by }) => {
      const record = await knownRequest(store, id);
      const { state, outcome, ground, composedBy } = record;
      if (state !== 'proposed') throw new Problem('conflict', 'no answer waits for a second person');
      if (composedBy === by.pseudonym) throw new Problem('same_person', 'a second person confirms an answer, not the one who composed it');
      const file = openFile(content, record);
      const { discloses } = file.answer!;
      await assertSayable(record, { outcome: outcome!, ground, discloses });
      await write(record, { state: 'answered', confirmedBy: by.pseudonym, answeredAt: now() }, file, by, 'answered', discloses);
    },
  };
}

/** What reveals nothing is said in the same words to everybody, whatever is held. */
function wordsOf({ outcome, text: said }: SubjectAnswer): string {
  const reveals = codeOf('subject-outcome', outcome)?.reveals === true;
  if (reveals === (said !== undefined)) return said ?? text(`subject.answer.${outcome}`);
  const message = reveals ? 'he is told in words what is held' : 'what reveals nothing is said in the words of the node';
  throw new Problem('invalid_request', message, { errors: [{ pointer: '/text', message }] });
}
