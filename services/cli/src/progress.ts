import type { Terminal } from './outcome.js';

const width = 24;

/** A bar for long work: how much is done, and what is on. Only a person at a terminal sees it. */
export function progressOn(terminal: Pick<Terminal, 'status'>, total: number): (done: number, on: string) => void {
  return (done, on) => {
    const full = total === 0 ? width : Math.floor((done / total) * width);
    terminal.status(`[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${done} of ${total}  ${on.slice(-40)}`);
  };
}
