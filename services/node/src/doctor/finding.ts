/** One thing that `entente doctor` has looked at. */
export interface Finding {
  check: 'clock' | 'certificate' | 'key' | 'configuration' | 'agreement' | 'database' | 'schema' | 'disk' | 'peer' | 'version';
  /** `error`: the exchange does not work, or not safely. `warning`: it will not, or one partner's does not. */
  severity: 'ok' | 'warning' | 'error';
  what: string;
  /** What to do about it; nothing where it is in order. */
  mend?: string;
}

export const ok = (check: Finding['check'], what: string): Finding => ({ check, severity: 'ok', what });
export const warning = (check: Finding['check'], what: string, mend: string): Finding => ({ check, severity: 'warning', what, mend });
export const error = (check: Finding['check'], what: string, mend: string): Finding => ({ check, severity: 'error', what, mend });
