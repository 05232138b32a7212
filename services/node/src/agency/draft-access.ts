/** Who may do what with which version of a draft. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';
import { requirePurpose } from '../purpose.js';
import type { DraftActs, OpenDraft } from './acts.js';
import { notHere } from './shapes.js';

export function draftAccess(drafts: Pick<DraftActs, 'open'>) {
  async function existing(id: string): Promise<OpenDraft> {
    const draft = await drafts.open(id);
    if (!draft) throw notHere('draft');
    return draft;
  }

  /** A draft that has purposes already is read for one of them. */
  async function readable(request: FastifyRequest): Promise<OpenDraft> {
    const draft = await existing((request.params as { id: string }).id);
    const given = draft.input.handling?.purposes as string[] | undefined;
    if (given?.length) requirePurpose(request.actor, given);
    return draft;
  }

  /** A draft upon which this officer may decide, in the version that was read. */
  async function decidable(request: FastifyRequest): Promise<OpenDraft> {
    const draft = await existing((request.params as { id: string }).id);
    if (draft.author === request.actor.pseudonym) throw new Problem('same_person', 'author and releaser must be two persons');
    return submitted(draft, request);
  }

  /** The officer's own draft, in the version that was read. */
  async function own(request: FastifyRequest): Promise<OpenDraft> {
    const draft = await existing((request.params as { id: string }).id);
    if (draft.author !== request.actor.pseudonym)
      throw new Problem('access_denied', 'another officer wrote this: release it as the second one');
    return submitted(draft, request);
  }

  function submitted(draft: OpenDraft, request: FastifyRequest): OpenDraft {
    if (draft.state === 'submitted') {
      if (versionIn(request, draft.version) !== draft.version)
        throw new Problem('version_conflict', 'somebody changed it meanwhile; read it again');
      return draft;
    }
    throw new Problem('draft_state', `this draft is ${draft.state}; only a submitted one can be decided upon`);
  }

  return { existing, readable, decidable, own };
}

export const etagOf = (version: number): string => `"${version}"`;

/** The version in If-Match, else `otherwise`; without either the caller is asked for it (RFC 6585). */
export function versionIn(request: FastifyRequest, otherwise?: number): number {
  const header = request.headers['if-match'];
  if (header === undefined && otherwise !== undefined) return otherwise;
  if (header === undefined) throw new Problem('version_missing', 'send the ETag of the version that you read in the header if-match');
  const version = /^"([1-9]\d{0,8})"$/.exec(header)?.[1];
  if (version === undefined) throw new Problem('version_conflict', 'if-match is not an ETag of this draft');
  return Number(version);
}
