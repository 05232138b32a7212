/** How a restored node may go on. Pure. docs/protocol.md section 9.5. */
import type { Restoration } from '@entente/store';
import type { Heard } from './ask-peers.js';

export type RecoveryCode = 'given_away' | 'peers_silent' | 'peers_know_more' | 'nothing_to_recover';

/** Why recovery cannot go on as it was asked for; `advice` says what would help. */
export class RecoveryRefused extends Error {
  constructor(
    readonly code: RecoveryCode,
    message: string,
    readonly advice: string,
  ) {
    super(message);
  }
}

/**
 * The same epoch only where nobody can hold anything that was signed after the backup; a new one only for an officer's reason, for it is an
 * incident that every partner sees.
 * @throws RecoveryRefused
 */
export function outcomeOf(o: {
  restoration: Restoration | undefined;
  heard: Heard;
  reason: string | undefined;
}): 'same_epoch' | 'new_epoch' {
  const { restoration, heard, reason } = o;
  const more = heard.standings.filter(({ unknown }) => unknown.length > 0).map(({ peer }) => peer);
  if (restoration === undefined && more.length === 0)
    throw new RecoveryRefused(
      'nothing_to_recover',
      'this database was not restored, and no partner that answered holds more than it',
      'Start the node: `entente serve`.',
    );
  if (restoration?.cause === 'given_away')
    throw new RecoveryRefused(
      'given_away',
      'a final backup was taken of this database: the node goes on where that was restored',
      'Use the restored database, and take this one away.',
    );
  if (reason !== undefined) return 'new_epoch';
  const silent = heard.silent.map(({ peer, reason }) => `${peer} (${reason})`);
  if (more.length > 0)
    throw new RecoveryRefused(
      'peers_know_more',
      `what was signed after the backup is not in the database, and partners hold it: ${more.join(', ')}`,
      `It is fetched from them, and the node goes on in a new epoch, which every partner is told: \`entente recover --new-epoch "REASON"\`.${silent.length > 0 ? `\n  Wait for these first, for they may hold more: ${silent.join(', ')}.` : ''}`,
    );
  if (restoration?.cause === 'restored' && silent.length > 0)
    throw new RecoveryRefused(
      'peers_silent',
      `nobody can say that nothing was signed after the backup: no answer from ${silent.join(', ')}`,
      'Try again when they answer, or go on in a new epoch: `entente recover --new-epoch "REASON"`.',
    );
  return 'same_epoch';
}
