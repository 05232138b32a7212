import type { Expiry } from '../answers.js';
import { type Register, withExamples, withNode } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { withWide } from '../paging.js';
import { type Columns, listing } from '../table.js';

const columns: Columns<Expiry> = {
  ENDS: (e, show) => show.time(e.expires_at),
  DAYS: (e) => e.days,
  '': (e) => (e.soon ? 'SOON' : ''),
  WHAT: (e) => e.what,
  OWNER: (e) => e.owner,
  NAME: (e) => e.name,
};

export const registerExpiry: Register = (program, run) => {
  const command = withWide(
    program
      .command('expiry')
      .summary('what runs out, and when')
      .description(
        'Shows what ends that the exchange needs: certificates, keys, entity configurations, agreements, here and at the partners.',
      ),
  );
  withExamples(withNode(command), ['entente expiry', 'entente expiry --json']).action(
    run<ConnectionOptions & { wide?: boolean }>(async (options) => {
      const { data } = await (await connect(options, 'ADMIN')).GET('/v1/expiries');
      return { result: { ...data }, words: listing(data?.items ?? [], columns, { wide: options.wide, none: 'Nothing ends.' }) };
    }),
  );
};
