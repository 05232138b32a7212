/** What a statement is found by: keyed tokens of its terms, and of the statements that it relates to. */
import { type Kind, type Relation, searchTerms } from '@entente/statement';
import type { ContentKeys } from '../content-keys.js';

export const tokensOf = (
  content: Pick<ContentKeys, 'token'>,
  kind: Kind,
  body: Record<string, unknown>,
  rel: readonly Relation[],
): Uint8Array[] => [
  ...searchTerms(kind, body as never).map(({ field, value }) => content.token(field, value)),
  ...rel.map(({ of }) => content.token('rel', of)),
];
