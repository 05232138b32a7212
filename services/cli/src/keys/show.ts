import { inspectEntityConfiguration, SealError } from '@entente/seal';
import type { Act, CommonOptions } from '../command.js';
import { readConfiguration } from '../configuration-file.js';
import { CliError } from '../failure.js';
import { readText } from '../files.js';
import { type Columns, listing, sheet, showing } from '../table.js';

type Configuration = ReturnType<typeof inspectEntityConfiguration>['configuration'];
type Key = Configuration['keys'][number];

const when = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();

const columns = (now: number): Columns<Key> => ({
  USE: (k) => k.use,
  ALGORITHM: (k) => k.alg,
  STATE: (k) => stateOf(k, now),
  FROM: (k, show) => show.time(when(k.not_before)),
  UNTIL: (k, show) => show.time(when(k.not_after)),
  KEY: (k, show) => show.digest(k.kid),
});

function stateOf({ not_before, not_after, revoked_at, compromised_from }: Key, now: number): string {
  if (compromised_from !== undefined) return 'compromised';
  if (revoked_at !== undefined && revoked_at <= now) return 'revoked';
  if (now < not_before) return 'not yet';
  return now < not_after ? 'valid' : 'past';
}

/** `entente keys show [FILE]`. Times of the JSON are seconds since the epoch, as the configuration has them. */
export const showKeys: Act<CommonOptions & { wide?: boolean }> = async (options, [file], { now }) => {
  const path = file ?? (await readConfiguration(options.config)).entityConfigurationFile;
  const { configuration, kid } = inspect((await readText(path, 'entity configuration')).trim(), path);
  const { time } = showing(options.wide);
  const words = [
    ...sheet({
      agency: configuration.id,
      name: configuration.organizationName,
      'thumbprint to pin': kid,
      'next thumbprint': configuration.next,
      signed: time(when(configuration.iat)),
      expires: time(when(configuration.exp)),
    }),
    '',
    ...listing(configuration.keys, columns(now()), { wide: options.wide, none: 'It publishes no keys.' }),
    '',
    ...configuration.certificates.map(({ fingerprint }) => `TLS certificate, SHA-256 ${fingerprint}`),
  ];
  return { result: { file: path, thumbprint: kid, configuration }, words };
};

function inspect(jwt: string, file: string) {
  try {
    return inspectEntityConfiguration(jwt);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new CliError('configuration_invalid', `${file} is no entity configuration: ${error.message}`, 'Ask for a new copy.', {
      file,
      reason: error.code,
    });
  }
}
