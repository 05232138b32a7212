import type { DraftBody, StatementBody } from '../answers.js';
import { CliError } from '../failure.js';
import { parseJson, readText } from '../files.js';

/** What an officer hands in: the statement, and where the file says so to whom, who alone may read it there, why, and which version of a draft it replaces. */
export interface StatementFile {
  statement: StatementBody['statement'];
  addressees?: string[];
  readers?: DraftBody['readers'];
  reason?: string;
  version?: number;
}

/**
 * Reads the statement alone, or an object with a member `statement` as the API takes it and `draft show --json` prints it: what was read can be
 * changed and handed in again. The node judges the content; here only the form and the kind are looked at.
 */
export async function readStatementFile(file: string, kind?: string): Promise<StatementFile> {
  const parsed = object(parseJson(await readText(file, 'statement'), file, 'statement'), file);
  const whole = parsed.statement === undefined ? { statement: parsed } : parsed;
  const statement = object(whole.statement, file);
  if (kind !== undefined && statement.kind !== undefined && statement.kind !== kind) {
    throw new CliError(
      'file_invalid',
      `${file} holds a statement of the kind ${statement.kind}`,
      `Use the command of that kind: ${kind} is another one.`,
      { file },
    );
  }
  return {
    statement: { ...(kind !== undefined && { kind }), ...statement } as StatementBody['statement'],
    ...(Array.isArray(whole.addressees) && { addressees: whole.addressees as string[] }),
    ...(Array.isArray(whole.readers) && { readers: whole.readers as NonNullable<DraftBody['readers']> }),
    ...(typeof whole.reason === 'string' && { reason: whole.reason }),
    ...(typeof whole.version === 'number' && { version: whole.version }),
  };
}

/** The addressees of the command line, else those of the file. Throws `usage` when there are none: nothing is sent to "all". */
export function addresseesOf(to: string[] | undefined, file: Pick<StatementFile, 'addressees'>): string[] {
  const addressees = to ?? file.addressees ?? [];
  if (addressees.length > 0) return addressees;
  throw new CliError('usage', 'it is not said for whom this is', 'Name each partner with --to ID; `entente peer list` shows them.');
}

export const draftBodyOf = ({ statement, addressees, readers }: StatementFile, to: string[] | undefined): DraftBody => {
  const named = to ?? addressees;
  return { statement, ...(named !== undefined && { addressees: named }), ...(readers !== undefined && { readers }) };
};

/** With the alert that it answers, if one is named. */
export function answering(file: StatementFile, alert: string | undefined): StatementFile {
  if (alert === undefined) return file;
  const { rel = [] } = file.statement;
  const others = rel.filter(({ type, of }) => type !== 'replies_to' || of !== alert);
  return { ...file, statement: { ...file.statement, rel: [...others, { type: 'replies_to', of: alert }] } };
}

function object(value: unknown, file: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CliError(
    'file_invalid',
    `${file} should hold one statement as a JSON object`,
    'The fields of a kind are in `entente kind schema KIND`.',
    {
      file,
    },
  );
}
