/** `entente keys revoke KEY`: it signs nothing more; what it signed counts, or only what provably existed before it fell into other hands. */
import { withRevokedKey } from '@entente/seal';
import type { Act, CommonOptions } from '../command.js';
import { CliError } from '../failure.js';
import { publish, readPublished } from './publish.js';

export interface RevokeOptions extends CommonOptions {
  compromisedFrom?: number;
}

export const revokeKey: Act<RevokeOptions> = async ({ config, compromisedFrom }, [kid = ''], { now }) => {
  const published = await readPublished(config);
  const found = published.configuration.keys.filter((key) => key.kid.startsWith(kid));
  const [key] = found;
  if (key === undefined || found.length > 1)
    throw new CliError('usage', `${found.length} keys of this agency begin with ${kid}`, '`entente keys show --wide` lists them.');
  const compromised = compromisedFrom === undefined ? {} : { compromised: compromisedFrom };
  const configuration = withRevokedKey(published.configuration, { kid: key.kid, ...compromised }, now());
  await publish(published, configuration, published.signer);
  return {
    result: { use: key.use, key: key.kid, ...configuration.keys.find((one) => one.kid === key.kid) },
    words: [
      `The key ${key.kid} for ${key.use} is revoked. A running node tells its partners by itself.`,
      ...(compromisedFrom === undefined
        ? []
        : [`Of what it signed, partners hold to what provably existed before ${new Date(compromisedFrom * 1000).toISOString()}.`]),
    ],
  };
};
