import { randomBytes } from 'node:crypto';
import { type RecoveredNode, recoverNode } from '../recovery/recover.js';
import { type Command, progress } from './command.js';

export const recover: Command = async (config, args) => {
  const reason = args['new-epoch'];
  const recovered = await recoverNode(config, {
    ...(reason !== undefined && { reason }),
    now: () => Math.floor(Date.now() / 1000),
    random: (bytes) => randomBytes(bytes),
    say: progress,
  });
  progress('');
  const { outcome, epoch, heard, back } = recovered;
  return { result: { outcome, epoch, partners: heard.standings, silent: heard.silent, back }, words: words(recovered) };
};

function words({ outcome, epoch, heard, back }: RecoveredNode): string[] {
  const silent = heard.silent.map(({ peer, reason }) => `${peer} did not answer (${reason}); what it alone holds is not here.`);
  if (outcome === 'same_epoch') return [`No partner holds more than this database: the node goes on in epoch ${epoch}.`, ...silent];
  return [
    `The node goes on in epoch ${epoch}; its entity configuration names the new log, and every partner is told.`,
    ...back.flatMap(({ peer, statements, releases, receipts, replayed, missing }) => [
      `${peer} gave back ${statements.length} statements, ${releases.length} releases, ${receipts} receipts, and offers again ${replayed} releases of its own.`,
      ...missing.map(
        (lost) => `  Held by nobody who answered: release ${lost.release}, position ${lost.position} of the feed in epoch ${lost.epoch}.`,
      ),
    ]),
    ...silent,
    'Not to be had from partners: what was released to none of them, drafts, access entries and log entries since the backup.',
  ];
}
