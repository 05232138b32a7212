/** A recall as officers make one: asked for by one, released by another. */
import { codesOf } from '@entente/statement';
import type { Member } from './federation.js';

const why = { purpose: 'CUSTOMS_CONTROL', justification: 'A test releases a recall as a second officer' };

/** The digest of the recall. */
export async function recallBy(member: Member, statement: string, body: Record<string, unknown> = {}): Promise<string> {
  const { data } = await member.api.analyst.POST('/v1/statements/{digest}/recall', {
    params: { path: { digest: statement } },
    body: { reason: 'MISTAKEN_IDENTITY', effect: 'ERASE', ...body } as never,
  });
  return await releasedBySecond(member, (data as unknown as { draft: string }).draft);
}

export async function releasedBySecond(member: Member, draft: string): Promise<string> {
  const checklist = codesOf('release-checklist') as never;
  return (await member.api.release(draft, { checklist, reason: 'It must not be used any more' }, why)).statement;
}
