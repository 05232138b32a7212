import { CliError } from '../failure.js';
import { type Answers, flagOf, type Setting, settings } from './settings.js';

/** Values as they come from flags or the answers file: text or numbers, not yet checked. */
export type RawAnswers = Partial<Record<keyof Answers, unknown>>;

/**
 * Decides every setting: a given value first, else what the person answers (when `ask` is there), else the safe default.
 * Throws `usage` naming every setting that is missing, or the first that is wrong.
 */
export async function decide(given: RawAnswers, ask?: (setting: Setting, fallback: string) => Promise<string>): Promise<Answers> {
  refuseUnknown(given);
  const decided: Partial<Answers> = { trial: given.trial === true };
  const missing: Setting[] = [];
  for (const setting of settings) {
    const value = given[setting.member] ?? (await answer(setting, decided, missing.length > 0 ? undefined : ask));
    if (value === undefined) {
      if (!setting.fallback) missing.push(setting);
    } else Object.assign(decided, { [setting.member]: parsed(setting, value) });
  }
  if (missing.length > 0) throw missingSettings(missing);
  return decided as Answers;
}

async function answer(setting: Setting, decided: Partial<Answers>, ask?: (setting: Setting, fallback: string) => Promise<string>) {
  const fallback = defaultOf(setting, decided);
  if (!ask) return fallback;
  const text = (await ask(setting, String(fallback ?? ''))).trim();
  return text === '' ? fallback : text;
}

/** A default that builds on a missing answer is not there yet; the missing answer is reported instead. */
function defaultOf(setting: Setting, decided: Partial<Answers>): string | number | undefined {
  return decided.entity_id === undefined && setting.member === 'public_url' ? undefined : setting.fallback?.(decided);
}

function parsed(setting: Setting, value: unknown): string | number {
  try {
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error('should be text or a number');
    return setting.parse(String(value));
  } catch (error) {
    const message = `${flagOf(setting)} ${JSON.stringify(value)} ${(error as Error).message}`;
    throw new CliError('usage', message, setting.explanation, { member: setting.member });
  }
}

function refuseUnknown(given: RawAnswers): void {
  const known = new Set<string>(['trial', ...settings.map((setting) => setting.member)]);
  const unknown = Object.keys(given).find((member) => !known.has(member));
  if (unknown !== undefined) {
    throw new CliError('usage', `the answers have an unknown member ${JSON.stringify(unknown)}`, `Known are: ${[...known].join(', ')}.`);
  }
}

function missingSettings(missing: Setting[]): CliError {
  const lines = missing.map((setting) => `${flagOf(setting)} ${setting.value}: ${setting.explanation}`);
  return new CliError('usage', `a new agency needs ${missing.map(flagOf).join(', ')}`, lines.join('\n  '), {
    missing: missing.map((setting) => setting.member).join(' '),
  });
}
