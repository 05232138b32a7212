import { type FindKey, type OpenedStatement, openStatement } from '@entente/seal';
import type { StatementRecord } from '@entente/store';

/**
 * Opens a statement that this node holds. It existed when it was stored, as this node's own log proves: a key that was compromised later
 * takes nothing from it (docs/protocol.md section 1).
 */
export const openHeld = (
  { jwt, storedAt }: Pick<StatementRecord, 'jwt' | 'storedAt'>,
  texts: readonly string[],
  findKey: FindKey,
): Promise<OpenedStatement> => openStatement(jwt, texts, findKey, { provenBefore: storedAt });
