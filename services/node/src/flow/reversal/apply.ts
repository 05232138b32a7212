/** What a recall or correction changes here: at its originator and at every holder. docs/protocol.md section 11. */
import type { Act, Digest, ReversalRecord, StatementRecord, Store } from '@entente/store';
import type { ContentKeys } from '../../content-keys.js';
import type { Directory } from '../../peers/directory.js';
import { allDisclosures } from '../disclosures.js';
import { nodeEntry } from '../node-actor.js';
import { openHeld } from '../open-held.js';
import { type Rest, without } from './rest.js';

export interface ApplyDeps {
  store: Pick<Store, 'statement' | 'contentRefs' | 'content' | 'appliedOf' | 'receivedOf' | 'hold' | 'bearing' | 'commit'>;
  content: ContentKeys;
  directory: Pick<Directory, 'findKey'>;
  now: () => number;
}

export interface Applied {
  /** What a holder answers; undefined while something waits for an officer. */
  outcome: string | undefined;
  derivatives: number;
}

const MOST_DERIVATIVES = 500;

/**
 * Use stops at once, whatever is decided about erasing: nothing is found by what is recalled any more, and the routes refuse to show it.
 *
 * @param erasing whether this node destroys what it is asked to destroy: its policy, or an officer's word
 */
export async function apply(deps: ApplyDeps, reversal: ReversalRecord, erasing: boolean): Promise<Applied> {
  const target = await targetOf(deps, reversal);
  const derivatives = await derivativesOf(deps, reversal.target);
  const marks = derivatives.map((derivative) => ({ reversal: reversal.statement, derivative }));
  if (marks.length > 0) await deps.store.commit({ reversed: marks });
  if (reversal.type !== 'recalls') return { outcome: target ? 'COMPLIED' : 'NEVER_STORED', derivatives: derivatives.length };

  const applied = new Map((await deps.store.appliedOf(reversal.statement)).map(({ ref, state }) => [ref, state]));
  const refs = target ? await deps.store.contentRefs(target.digest) : [];
  const held = (await deps.store.hold(reversal.target)) !== undefined;
  const mayErase = erasing && reversal.effect === 'ERASE' && !held;
  for (const ref of refs) {
    const before = applied.get(ref);
    if (before === 'done' || (before === 'stopped' && !mayErase)) continue;
    const state = mayErase || reversal.effect !== 'ERASE' ? 'done' : 'stopped';
    applied.set(ref, state);
    const change = await changeOf(deps, reversal, target!, ref, mayErase);
    await deps.store.commit({ ...change, reversed: [{ reversal: reversal.statement, ref, state }] });
  }
  return {
    outcome: outcomeOf([...applied.values()], (await deps.store.receivedOf(reversal.target)).length > 0),
    derivatives: derivatives.length,
  };
}

/** It counts only if it is of the target's originator. */
async function targetOf({ store }: ApplyDeps, { target, iss }: ReversalRecord): Promise<StatementRecord | undefined> {
  const record = await store.statement(target);
  return record?.iss === iss ? record : undefined;
}

function outcomeOf(states: ('stopped' | 'done')[], received: boolean): string | undefined {
  if (states.includes('stopped')) return undefined;
  if (states.length > 0) return 'COMPLIED';
  return received ? 'ALREADY_ERASED' : 'NEVER_STORED';
}

async function changeOf(deps: ApplyDeps, { parts }: ReversalRecord, target: StatementRecord, ref: Digest, erase: boolean): Promise<Act> {
  const access = erase ? { access: [nodeEntry('ERASE', { object: ref, code: 'recalled' })] } : {};
  if (erase && parts.length === 0) return { erasures: [{ ref }], ...access };
  const texts = await allDisclosures(deps, ref);
  const whole: Rest = { rest: texts, tokens: [], forgets: [] };
  const { rest, tokens, forgets } = parts.length === 0 ? whole : await without(deps, target, texts, parts);
  const gone = erase && rest.length < texts.length;
  const change = { ref, sealed: deps.content.seal(gone ? rest : texts, ref), tokens, erased: gone, ...(gone && { forgets }) };
  return { contentChanges: [change], ...access };
}

/** Own statements that say that they derive from the target. */
async function derivativesOf(deps: ApplyDeps, target: Digest): Promise<Digest[]> {
  const bearing = await deps.store.bearing(deps.content.token('rel', target), MOST_DERIVATIVES);
  const derived = await Promise.all(
    bearing
      .filter(({ own }) => own)
      .map(async (record) => {
        const { digest } = record;
        const { rel } = await openHeld(record, await allDisclosures(deps, digest), deps.directory.findKey);
        return rel.some(({ type, of }) => type === 'derives_from' && of === target) ? [digest] : [];
      }),
  );
  return derived.flat();
}
