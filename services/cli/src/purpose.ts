import { codeList } from '@entente/statement';
import type { Command } from 'commander';
import { CliError } from './failure.js';

export interface PurposeOptions {
  purpose?: string;
  justification?: string;
}

/** For commands that read content: the node keeps both in its access log, before it answers. */
export function withPurpose(command: Command): Command {
  return command
    .option('--purpose <code>', 'why it is read: a code of `entente code-list purpose`')
    .option('--justification <text>', 'why it is needed, in 10 to 500 characters; stands in the access log');
}

export interface PurposeHeaders {
  'entente-purpose': string;
  'entente-justification': string;
}

/** Throws `usage` when one of the two is missing: asked here, so that nobody has to learn it from a refusal. */
export function purposeHeaders({ purpose, justification }: PurposeOptions): PurposeHeaders {
  if (purpose === undefined || justification === undefined) {
    const missing = [purpose === undefined && '--purpose', justification === undefined && '--justification'].filter(Boolean);
    throw new CliError(
      'usage',
      `who reads content says why: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
      `Purposes: ${codeList('purpose')
        .codes.map(({ code }) => code)
        .join(', ')}.\n  The justification has 10 to 500 characters; both stand in the access log.`,
    );
  }
  return { 'entente-purpose': purpose, 'entente-justification': headerText(justification) };
}

/** A header carries printable ASCII; everything else, and the percent sign itself, goes percent-encoded. */
const headerText = (text: string): string => text.replace(/[^\x20-\x24\x26-\x7e]+/gu, encodeURIComponent);
