import { late, type Register, withExamples, withNode } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { table } from '../table.js';

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
    .requiredOption('--thumbprint <thumbprint>', 'thumbprint of its federation key, as told by telephone or letter');
  withExamples(withNode(add), ['entente peer add de-lic.jwt --thumbprint 3fXqFz0nCkq1gW0tHc7oCw5rJ9m2yLbE8pVxA4sUdQk']);
  add.action(run(late(async () => (await import('../peer/add.js')).addPeer)));

  const list = peer.command('list').summary('show the partner agencies').description('Shows the partner agencies that the node knows.');
  withExamples(withNode(list), ['entente peer list', 'entente peer list --json']);
  list.action(run<ConnectionOptions>(listPeers));

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

async function listPeers(options: ConnectionOptions): Promise<Outcome> {
  const { data } = await (await connect(options, 'ADMIN')).GET('/v1/peers');
  const peers = data?.items ?? [];
  const rows = peers.map((peer) => [peer.id, peer.name, peer.country, peer.agency_type, peer.state, peer.thumbprint]);
  const words =
    peers.length === 0 ? ['No partners yet: `entente peer add`.'] : table(['ID', 'NAME', 'COUNTRY', 'TYPE', 'STATE', 'THUMBPRINT'], rows);
  return { result: { ...data }, words };
}

async function removePeer(options: ConnectionOptions, [id = '']: string[]): Promise<Outcome> {
  await (await connect(options, 'ADMIN')).DELETE('/v1/peers/{id}', { params: { path: { id } } });
  return { result: { id, state: 'removed' }, words: [`${id} is no partner any more.`] };
}
