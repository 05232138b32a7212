/** Something that does not hold, named so that it can be looked up. */
export interface Finding {
  /** Which check. */
  check:
    | 'configuration'
    | 'checkpoint'
    | 'epoch'
    | 'entries'
    | 'leaf'
    | 'root'
    | 'statement'
    | 'release'
    | 'receipt'
    | 'page'
    | 'void'
    | 'agreement'
    | 'peer'
    | 'access'
    | 'tile';
  /** Which object: a digest, an entity id, a log, a feed. */
  object: string;
  /** Position in the log or, for pages and voids, in the feed. */
  position: number | null;
  what: string;
}

export type Report = (finding: Finding) => void;

/** Runs a check; what it throws with a code of ours becomes a finding, everything else stays an error of the auditor. */
export async function reporting<T>(report: Report, about: Omit<Finding, 'what'>, check: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    report({ ...about, what: error.message });
    return undefined;
  }
}

const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && ['SealError', 'LedgerError', 'PolicyError', 'StatementError'].includes(error.name);
