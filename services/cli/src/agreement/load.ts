import type { Act } from '../command.js';
import { CliError } from '../failure.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { readAgreement } from './file.js';

/** `entente agreement load FILE`. */
export const loadAgreement: Act<ConnectionOptions> = async (options, [file = '']) => {
  const { jws } = await readAgreement(file);
  if (jws === undefined) {
    throw new CliError('agreement_invalid', `${file} has no signatures`, 'Every party signs it first: `entente agreement sign`.', { file });
  }
  const { data } = await (await connect(options, 'ADMIN')).POST('/v1/agreements', { body: JSON.parse(jws) });
  return {
    result: { ...data },
    words: [`The node holds ${data?.id} version ${data?.version} now, signed by ${data?.signed_by.join(', ')}.`],
  };
};
