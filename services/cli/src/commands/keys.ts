import { InvalidArgumentError } from 'commander';
import { group, late, type Register, withConfiguration, withExamples } from '../command.js';
import { withWide } from '../paging.js';

export const registerKeys: Register = (program, run) => {
  const keys = group(program, 'keys', 'the keys of an agency', 'Keys of an agency, as its entity configuration publishes them.');
  const show = withWide(keys.command('show').summary('keys, certificates, thumbprint'))
    .description(
      "Shows what an entity configuration says: this agency's, or the one in FILE. It proves nothing: a partner is pinned with `peer add`.",
    )
    .argument('[file]', 'entity configuration of another agency; - is standard input');
  withExamples(withConfiguration(show), ['entente keys show', 'entente keys show de-lic.jwt --wide']).action(
    run(late(async () => (await import('../keys/show.js')).showKeys)),
  );

  const renew = keys
    .command('renew-tls')
    .summary('a new TLS certificate, before the present one ends')
    .description(
      'Makes a new TLS key and certificate and publishes it beside the present one, so that partners know it before it is shown. With --activate, when they do, the node changes over. Each step takes effect with the next start of the node.',
    )
    .option('--days <days>', 'how long the new certificate holds', parseDays, 365)
    .option('--activate', 'second step: show the new certificate, and publish it alone');
  withExamples(withConfiguration(renew), ['entente keys renew-tls', 'entente keys renew-tls --activate']).action(
    run(late(async () => (await import('../keys/renew-tls.js')).renewTls)),
  );
};

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3650) throw new InvalidArgumentError('A certificate holds 1 to 3650 days.');
  return days;
}
