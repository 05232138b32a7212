/** The clock of this node: seconds since the epoch, as its machine has it. */
export type Clock = () => number;

/**
 * With ENTENTE_CLOCK_SHIFT it is wrong by so many seconds, as read once at the start. Only a test can ask for it: the configuration refuses
 * the variable when NODE_ENV is `production`. The clocks of TLS and of the issuers of tokens stay those of the machine.
 */
export function clockOf(env: Readonly<Record<string, string | undefined>>): Clock {
  const shift = Number(env.ENTENTE_CLOCK_SHIFT ?? 0);
  return () => Math.floor(Date.now() / 1000) + shift;
}
