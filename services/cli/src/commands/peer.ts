import { inspectEntityConfiguration, pinEntity, SealError } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import { type Register, withExamples, withNode } from '../command.js';
import { CliError } from '../failure.js';
import { readText } from '../files.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { printable, table } from '../table.js';

interface AddOptions extends ConnectionOptions {
  thumbprint: string;
}

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
  add.action(run<AddOptions>((options, [file], { now }) => addPeer(options, file as string, now())));

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
  remove.action(run<ConnectionOptions>((options, [id]) => removePeer(options, id as string)));
};

/** Checked here before the node is asked: a mistyped thumbprint is answered on the spot, with both of them side by side. */
async function addPeer(options: AddOptions, file: string, now: number): Promise<Outcome> {
  const jwt = (await readText(file, 'entity configuration')).trim();
  const { id, organizationName } = await checkedConfiguration(jwt, file, options.thumbprint, now);
  const client = await connect(options, 'ADMIN');
  const { data } = await client.POST('/v1/peers', { body: { configuration: jwt, thumbprint: options.thumbprint } });
  return { result: { ...data }, words: [`${printable(organizationName)} (${id}) is a partner now, pinned to ${options.thumbprint}.`] };
}

async function checkedConfiguration(jwt: string, file: string, thumbprint: string, now: number) {
  try {
    const { kid, configuration } = inspectEntityConfiguration(jwt);
    if (kid !== thumbprint) throw mismatch(kid, thumbprint, configuration.id);
    return (await pinEntity(jwt, thumbprint, { now, verifiable: verificationKey })).configuration;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new CliError(
      'configuration_invalid',
      `${file} is no valid entity configuration: ${error.message}`,
      'Ask the partner for a new copy.',
      {
        file,
        reason: error.code,
      },
    );
  }
}

function mismatch(found: string, expected: string, id: string): CliError {
  return new CliError(
    'thumbprint_mismatch',
    `the configuration of ${id} is signed by another key: its thumbprint is ${found}, and ${expected} was given`,
    'Compare character by character with what the partner told you. If it still differs, one of the two was exchanged on its way: tell the partner, add nothing.',
    { found, expected },
  );
}

async function listPeers(options: ConnectionOptions): Promise<Outcome> {
  const { data } = await (await connect(options, 'ADMIN')).GET('/v1/peers');
  const peers = data?.items ?? [];
  const rows = peers.map((peer) => [peer.id, peer.name, peer.country, peer.agency_type, peer.state, peer.thumbprint]);
  const words =
    peers.length === 0 ? ['No partners yet: `entente peer add`.'] : table(['ID', 'NAME', 'COUNTRY', 'TYPE', 'STATE', 'THUMBPRINT'], rows);
  return { result: { ...data }, words };
}

async function removePeer(options: ConnectionOptions, id: string): Promise<Outcome> {
  await (await connect(options, 'ADMIN')).DELETE('/v1/peers/{id}', { params: { path: { id } } });
  return { result: { id, state: 'removed' }, words: [`${id} is no partner any more.`] };
}
