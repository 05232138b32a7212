import { Option } from 'commander';
import type { Peer, PeerLimits } from '../answers.js';
import { type Act, late, type Register, withExamples, withNode } from '../command.js';
import { CliError } from '../failure.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { withWide } from '../paging.js';
import { type Columns, listing } from '../table.js';
import { bareDigest } from '../word.js';

export const registerPeer: Register = (program, run) => {
  const peer = program
    .command('peer')
    .summary('the partner agencies of the node')
    .description('Adds, lists and removes the partner agencies of the node.');

  const add = peer
    .command('add')
    .summary('trust a partner agency')
    .description(
      'Trusts a partner agency from its entity configuration and the thumbprint of its federation key. The two must have come by different channels: whoever could change both could pass for the partner.',
    )
    .argument('<file>', 'entity configuration of the partner; - is standard input')
    .requiredOption('--thumbprint <thumbprint>', 'thumbprint of its federation key, as told by telephone or letter', bareDigest);
  withExamples(withNode(add), ['entente peer add de-lic.jwt --thumbprint 3fXqFz0nCkq1gW0tHc7oCw5rJ9m2yLbE8pVxA4sUdQk']);
  add.action(run(late(async () => (await import('../peer/add.js')).addPeer)));

  const list = withWide(peer.command('list').summary('show the partner agencies'));
  list.description('Shows the partner agencies that the node knows.');
  withExamples(withNode(list), ['entente peer list', 'entente peer list --json']);
  list.action(run(listPeers));

  const changing = (name: string, state: 'active' | 'suspended', summary: string, description: string) => {
    const change = peer.command(name).summary(summary).description(description).argument('<id>', 'entity id of the partner');
    withExamples(withNode(change), [`entente peer ${name} https://de-lic.example`]).action(run(changePeer(state)));
  };
  changing(
    'suspend',
    'suspended',
    'stop the exchange for a while',
    'Stops the exchange with a partner until it is resumed; what was exchanged stays and verifies.',
  );
  changing('resume', 'active', 'go on after that', 'Takes the exchange with a suspended partner up again, where it stood.');

  const limit = peer
    .command('limit')
    .summary('what may go there whatever was agreed')
    .description(
      'Sets the highest classification that the link to a partner may carry (a new link carries nothing classified), and the ground on which personal data are transferred there: with NONE they never are.',
    )
    .argument('<id>', 'entity id of the partner')
    .addOption(new Option('--ceiling <level>', 'a code of `entente code-list classification-level`'))
    .addOption(new Option('--transfer-basis <code>', 'a code of `entente code-list transfer-basis`'));
  withExamples(withNode(limit), [
    'entente peer limit https://de-lic.example --ceiling RESTRICTED',
    'entente peer limit https://qm-cus.example --transfer-basis NONE',
  ]).action(run<LimitOptions>(limitPeer));

  const remove = peer
    .command('remove')
    .summary('stop the exchange with a partner agency')
    .description(
      'Stops the exchange with a partner agency at once. What was exchanged, its keys and the log stay: old statements must verify for ever.',
    )
    .argument('<id>', 'entity id of the partner');
  withExamples(withNode(remove), ['entente peer remove https://de-lic.example']);
  remove.action(run<ConnectionOptions>(removePeer));
};

const columns: Columns<Peer> = {
  ID: (p) => p.id,
  NAME: (p) => p.name,
  COUNTRY: (p) => p.country,
  TYPE: (p) => p.agency_type,
  STATE: (p) => p.state,
  'UP TO': (p) => p.ceiling,
  TRANSFER: (p) => p.transfer_basis,
  PINNED: (p, show) => show.time(p.pinned_at),
  THUMBPRINT: (p, show) => show.digest(p.thumbprint),
};

async function listPeers(options: ConnectionOptions & { wide?: boolean }): Promise<Outcome> {
  const { data } = await (await connect(options, 'ADMIN')).GET('/v1/peers');
  return {
    result: { ...data },
    words: listing(data?.items ?? [], columns, { wide: options.wide, none: 'No partners yet: `entente peer add`.' }),
  };
}

const changePeer =
  (state: 'active' | 'suspended'): Act<ConnectionOptions> =>
  async (options, [id = '']) => {
    const { data } = await (await connect(options, 'ADMIN')).PATCH('/v1/peers/{id}', { params: { path: { id } }, body: { state } });
    return { result: { ...data }, words: [`${id} is ${data?.state} now.`] };
  };

type LimitOptions = ConnectionOptions & { ceiling?: string; transferBasis?: string };

async function limitPeer(options: LimitOptions, [id = '']: string[]): Promise<Outcome> {
  const { ceiling, transferBasis } = options;
  if (ceiling === undefined && transferBasis === undefined)
    throw new CliError('usage', 'nothing is to be changed', 'Give --ceiling, --transfer-basis or both.');
  const body = { ...(ceiling && { ceiling }), ...(transferBasis && { transfer_basis: transferBasis }) } as PeerLimits;
  const { data } = await (await connect(options, 'ADMIN')).PATCH('/v1/peers/{id}', { params: { path: { id } }, body });
  return {
    result: { ...data },
    words: [`The link to ${id} carries up to ${data?.ceiling}; personal data go on ground ${data?.transfer_basis}.`],
  };
}

async function removePeer(options: ConnectionOptions, [id = '']: string[]): Promise<Outcome> {
  await (await connect(options, 'ADMIN')).DELETE('/v1/peers/{id}', { params: { path: { id } } });
  return { result: { id, state: 'removed' }, words: [`${id} is no partner any more.`] };
}
