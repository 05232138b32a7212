import type { Shipment } from '../answers.js';
import { group, type Register, withExamples, withNode } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { moreBelow, type PagingOptions, pageOf, withPaging } from '../paging.js';
import { type PurposeOptions, purposeHeaders, withPurpose } from '../purpose.js';
import { type Columns, listing, outline } from '../table.js';

const columns: Columns<Shipment> = {
  SHIPMENT: (s) => s.id,
  STATE: (s) => s.state,
  DIRECTION: (s) => s.direction,
  VERSION: (s) => s.version,
  CHANGED: (s, show) => show.time(s.updated_at),
  DRAFT: (s) => s.draft,
};

export const registerShipment: Register = (program, run) => {
  const shipment = group(program, 'shipment', 'what declarations say', 'Shipments, as the declarations that were handed in describe them.');
  const list = withPaging(
    shipment.command('list').summary('without content').description('Lists shipments without what the declarations say.'),
  );
  withExamples(withNode(list), ['entente shipment list', 'entente shipment list --all --json']).action(run(listShipments));
  const show = withPurpose(
    shipment.command('show').summary('read one, and say why').description('Shows a shipment as declared.').argument('<id>', 'the shipment'),
  );
  withExamples(withNode(show), [
    'entente shipment show 0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42 --purpose CUSTOMS_CONTROL --justification "Case 17, what was declared"',
  ]).action(run(showShipment));
};

async function listShipments(options: ConnectionOptions & PagingOptions): Promise<Outcome> {
  const client = await connect(options, 'ANALYST');
  const page = await pageOf(options, (query) => client.GET('/v1/shipments', { params: { query } }));
  return {
    result: { ...page },
    words: [...listing(page.items, columns, { wide: options.wide, none: 'No shipments: `entente import`.' }), ...moreBelow(page)],
  };
}

async function showShipment(options: ConnectionOptions & PurposeOptions, [id = '']: string[]): Promise<Outcome> {
  const header = purposeHeaders(options);
  const { data } = await (await connect(options, 'ANALYST')).GET('/v1/shipments/{id}', { params: { path: { id }, header } });
  return { result: { ...data }, words: outline(data) };
}
