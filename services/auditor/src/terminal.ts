import type { Progress } from './verify.js';

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Writes over the last line of the screen; absent where nobody looks on. */
  status?(text: string): void;
}

const width = 32;
const progressEvery = 10_000;

/** A bar for a person, a line now and then for a file. */
export function progressOn(terminal: Terminal): Progress {
  return (log, done, of) => {
    const { status } = terminal;
    if (status !== undefined && (done % 256 === 0 || done === of)) {
      const full = Math.floor((done / of) * width);
      status(`${log.padEnd(8)} [${'#'.repeat(full)}${'.'.repeat(width - full)}] ${done} of ${of} entries${done === of ? '\n' : ''}`);
    } else if (status === undefined && (done % progressEvery === 0 || done === of)) {
      terminal.err(`${log}: ${done} of ${of} entries\n`);
    }
  };
}
