/** Runs one command line inside the test's own process and keeps what it printed. */
import { main, type Terminal } from '../src/index.js';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export async function entente(argv: string[], options: { answers?: string[]; now?: number } = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const answers = [...(options.answers ?? [])];
  const terminal: Terminal = {
    interactive: options.answers !== undefined,
    print: (text) => void out.push(text),
    complain: (text) => void err.push(text),
    status: () => undefined,
    ask: async (question) => {
      out.push(question);
      return answers.shift() ?? '';
    },
  };
  const code = await main(argv, terminal, options.now === undefined ? undefined : () => options.now as number);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** The flags of a complete agency, on free ports of this machine. */
export function agencyFlags(id: string, more: Record<string, string> = {}): string[] {
  const flags = { 'entity-id': id, name: 'Demo agency', country: 'NL', 'agency-type': 'CUS', ...more };
  return Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
}
