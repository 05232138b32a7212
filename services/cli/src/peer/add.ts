import { inspectEntityConfiguration, pinEntity, SealError } from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import type { Act } from '../command.js';
import { CliError } from '../failure.js';
import { readText } from '../files.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { printable } from '../table.js';

interface AddOptions extends ConnectionOptions {
  thumbprint: string;
}

/** `entente peer add FILE`. Checked here before the node is asked: a mistyped thumbprint is answered on the spot, with both of them side by side. */
export const addPeer: Act<AddOptions> = async (options, [file = ''], { now }) => {
  const jwt = (await readText(file, 'entity configuration')).trim();
  const { id, organizationName } = await checkedConfiguration(jwt, file, options.thumbprint, now());
  const client = await connect(options, 'ADMIN');
  const { data } = await client.POST('/v1/peers', { body: { configuration: jwt, thumbprint: options.thumbprint } });
  return { result: { ...data }, words: [`${printable(organizationName)} (${id}) is a partner now, pinned to ${options.thumbprint}.`] };
};

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
