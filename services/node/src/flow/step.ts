/** Named boundaries between the steps of a flow, at which a test can kill the process. In production there is nothing behind them. */
export type Step = (name: Boundary) => Promise<void>;

/** In the order in which a statement passes them, from the officer's post to the receipt at the sender. */
export type Boundary =
  | 'issue.decided'
  | 'issue.signed'
  | 'issue.released'
  | 'issue.stored'
  | 'deliver.offered'
  | 'deliver.answered'
  | 'pull.answered'
  | 'receive.judged'
  | 'receive.signed'
  | 'receive.stored'
  | 'pull.settled'
  | 'deliver.opened'
  | 'deliver.receipts'
  | 'attachment.piece';

export const noStep: Step = async () => {};

/**
 * Kills this process without warning at the n-th passing of one boundary, e.g. `receive.stored:3`. Only a test can ask for it: the
 * configuration refuses ENTENTE_KILL_AT when NODE_ENV is `production`.
 */
export function killAt(instruction: string): Step {
  const [name, nth = '1'] = instruction.split(':');
  let left = Number(nth);
  return async (passed) => {
    if (passed === name && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
