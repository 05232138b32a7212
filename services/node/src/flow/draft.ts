/** Drafts: what officers write before anything is signed. The content is encrypted like that of statements. */
import { type StatementInput, validateDraft, validateFull } from '@entente/statement';
import type { DraftRecord, DraftState, DraftWrite, Store } from '@entente/store';
import { accessEntry } from '../agency/access.js';
import type { Actor, DraftActs, DraftInput, OpenDraft } from '../agency/acts.js';
import type { ContentKeys } from '../content-keys.js';
import { Problem } from '../problem.js';
import type { NamedReaders } from './decide.js';
import { uuidV7 } from './uuid.js';
import { kindNamed } from './validated.js';

export interface DraftDeps {
  store: Pick<Store, 'draft' | 'commit'>;
  content: ContentKeys;
  random: (bytes: number) => Uint8Array;
}

export function createDraftActs(deps: DraftDeps): DraftActs {
  const { store, content } = deps;

  async function known(id: string): Promise<DraftRecord> {
    const record = await store.draft(id);
    if (!record) throw new Problem('not_found', 'there is no such draft here');
    return record;
  }

  /** The draft in the version that the caller has read, in a state in which its author may still change it. */
  async function changeable(id: string, version: number, by: Actor): Promise<DraftRecord> {
    const record = await known(id);
    if (record.author !== by.pseudonym && !isUntouched(record)) throw new Problem('access_denied', 'only its author may change this draft');
    inState(record, 'draft', 'rejected');
    atVersion(record, version);
    return record;
  }

  async function write(record: DraftRecord, change: Partial<DraftWrite>, by: Actor): Promise<{ version: number }> {
    await store.commit({ drafts: [{ ...unchanged(record), ...change }], access: [accessEntry(by, 'ALTER', { object: record.id })] });
    return { version: record.version + 1 };
  }

  return {
    findings,
    async create({ input, addressees, readers, source, by, idempotency }) {
      const draft = newDraft(deps, { input, addressees, by, ...(readers && { readers }), ...(source !== undefined && { source }) });
      const answer = { status: 201, body: { draft: draft.id, version: 1, findings: findings(input) } };
      const { replayed } = await store.commit({
        ...(idempotency && { idempotency: { actor: by.pseudonym, ...idempotency, respond: () => answer } }),
        drafts: [draft],
        access: [accessEntry(by, 'COLLECT', { object: draft.id })],
      });
      return (replayed as typeof answer | undefined) ?? answer;
    },
    async open(id) {
      const record = await store.draft(id);
      return record && opened(record, content);
    },
    async replace({ id, version, input, addressees, readers, by }) {
      const record = await changeable(id, version, by);
      const found = findings(input);
      const sealed = sealDraft(content, id, input, readers);
      const author = { author: by.pseudonym, unit: by.unit };
      return {
        ...(await write(record, { ...author, state: 'draft', kind: input.kind, addressees, sealed, open: openFields(found) }, by)),
        findings: found,
      };
    },
    async discard({ id, version, by }) {
      await write(await changeable(id, version, by), { state: 'discarded' }, by);
    },
    async submit({ id, version, addressees, by }) {
      const record = await changeable(id, version, by);
      const { input } = opened(record, content);
      const wrong = validateFull(kindNamed(input.kind), input).filter((f) => f.level !== 'warn');
      if (wrong.length > 0)
        throw new Problem('invalid_statement', `this draft is not complete: ${wrong.length} findings`, { findings: wrong });
      return await write(record, { state: 'submitted', author: by.pseudonym, unit: by.unit, addressees, open: 0 }, by);
    },
    async reject({ id, version, reason, by }) {
      const record = await known(id);
      inState(record, 'submitted');
      atVersion(record, version);
      return await write(record, { state: 'rejected', decidedBy: by.pseudonym, reason }, by);
    },
  };
}

/** A new draft, encrypted, for an act of its own or as part of a larger one. Throws `unknown_kind`. */
export function newDraft(
  deps: Pick<DraftDeps, 'content' | 'random'>,
  {
    input,
    addressees,
    readers,
    source,
    by,
  }: { input: DraftInput; addressees: string[]; readers?: NamedReaders[]; source?: string; by: Actor },
): DraftWrite {
  const id = uuidV7(Date.now(), deps.random);
  return {
    id,
    expectVersion: 0,
    state: 'draft',
    kind: kindNamed(input.kind).name,
    author: by.pseudonym,
    unit: by.unit,
    addressees,
    sealed: sealDraft(deps.content, id, input, readers),
    open: openFields(findings(input)),
    ...(source !== undefined && { source }),
  };
}

/** Who is named as a reader is as secret as what is written. */
export const sealDraft = (content: Pick<ContentKeys, 'seal'>, id: string, input: DraftInput, readers: readonly NamedReaders[] = []) =>
  content.seal([JSON.stringify(input), JSON.stringify(readers)], id);

export const findings = (input: DraftInput) => validateDraft(kindNamed(input.kind), input);
const openFields = (found: { level: string }[]): number => found.filter((f) => f.level === 'open').length;

/** A draft that came from a declaration and that nobody has changed yet belongs to the officer who first does. */
const isUntouched = (record: DraftRecord): boolean => record.source !== undefined && record.version === 1;

function inState(record: DraftRecord, ...states: DraftState[]): void {
  if (!states.includes(record.state))
    throw new Problem('draft_state', `this draft is ${record.state}; that can be done only while it is ${states.join(' or ')}`);
}

function atVersion(record: DraftRecord, version: number): void {
  if (record.version !== version) throw new Problem('version_conflict', `this draft is in version ${record.version}; read it again`);
}

function unchanged({
  id,
  version,
  state,
  kind,
  author,
  unit,
  addressees,
  open,
  source,
  decidedBy,
  reason,
  checklist,
  statement,
}: DraftRecord): DraftWrite {
  return {
    id,
    expectVersion: version,
    state,
    kind,
    author,
    unit,
    addressees,
    open,
    ...(source !== undefined && { source }),
    ...(decidedBy !== undefined && { decidedBy }),
    ...(reason !== undefined && { reason }),
    ...(checklist !== undefined && { checklist }),
    ...(statement !== undefined && { statement }),
  };
}

function opened(record: DraftRecord, content: ContentKeys): OpenDraft {
  const { sealed, open: _, checklist: __, ...rest } = record;
  if (!sealed) throw new Error(`draft ${record.id} has no content`);
  const [input, readers] = content.open(sealed, record.id).map((text) => JSON.parse(text));
  return { ...rest, input: input as StatementInput, readers: (readers ?? []) as NamedReaders[] };
}
