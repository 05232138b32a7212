import { type Code, codeList } from '@entente/statement';
import type { Act, World } from '../command.js';
import { CliError } from '../failure.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { type PurposeOptions, purposeHeaders } from '../purpose.js';
import { postedOutcome } from '../statement/posted.js';
import { ifMatch } from './write.js';

export type DecideOptions = ConnectionOptions &
  PurposeOptions & { version?: number; reason: string; confirm?: string[]; json?: boolean; wide?: boolean };

/** `entente draft release ID`. */
export const releaseDraft: Act<DecideOptions> = async (options, [id = ''], { terminal }) => {
  const checklist = await confirmed(options, terminal);
  const client = await connect(options, 'RELEASER');
  const { data } = await client.POST('/v1/drafts/{id}/release', {
    params: {
      path: { id },
      header: { 'idempotency-key': `release-${id}-${options.version ?? 'submitted'}`, ...versionOf(options), ...whyOf(options) },
    },
    body: { checklist: checklist as never, reason: options.reason },
  });
  return postedOutcome(data as NonNullable<typeof data>, options.wide);
};

/** `entente draft reject ID`. */
export const rejectDraft: Act<DecideOptions> = async (options, [id = '']) => {
  const client = await connect(options, 'RELEASER');
  const { data } = await client.POST('/v1/drafts/{id}/reject', {
    params: { path: { id }, header: versionOf(options) },
    body: { reason: options.reason },
  });
  return { result: { ...data }, words: [`Draft ${id} goes back to its author, who reads the reason.`] };
};

export const versionOf = ({ version }: DecideOptions) => (version === undefined ? {} : ifMatch(version));
export const whyOf = (options: DecideOptions) =>
  options.purpose === undefined && options.justification === undefined ? {} : purposeHeaders(options);

/** Every point of the checklist, each confirmed by name: with --confirm, or one by one where a person sits. Throws `usage` for what is not. */
export async function confirmed(options: DecideOptions, terminal: World['terminal']): Promise<string[]> {
  const points = codeList('release-checklist').codes;
  const given = new Set(options.confirm?.flatMap((codes) => codes.split(',')).map((code) => code.trim().toUpperCase()));
  const missing: Code[] = [];
  for (const point of points) {
    if (given.has(point.code)) continue;
    const asked = terminal.interactive && !options.json && /^y(es)?$/i.test((await terminal.ask(`${point.label.en}? [y/N] `)).trim());
    if (!asked) missing.push(point);
  }
  if (missing.length === 0) return points.map(({ code }) => code);
  throw new CliError(
    'usage',
    `it is not confirmed: ${missing.map(({ code }) => code).join(', ')}`,
    `Confirm each by name, --confirm CODE,CODE,...:\n  ${missing.map(({ code, label }) => `  ${code}: ${label.en}`).join('\n  ')}`,
    { missing: missing.map(({ code }) => code) },
  );
}
