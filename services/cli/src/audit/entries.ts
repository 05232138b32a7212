import type { Act } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';

/** `entente audit entries`: as many as there are, in constant memory. Lines of JSON either way: programs and people keep the same file. */
export const printEntries: Act<ConnectionOptions & { from: number }> = async (options, _args, { terminal }) => {
  const client = await connect(options, 'AUDITOR');
  for (let from: number | undefined = options.from; from !== undefined; ) {
    const { data }: { data?: Entries } = await client.GET('/audit/v1/entries', { params: { query: { from, limit: 1000 } } });
    for (const entry of data?.items ?? []) terminal.print(JSON.stringify(entry));
    from = data?.next;
  }
  return {};
};

interface Entries {
  items: object[];
  next?: number;
}
