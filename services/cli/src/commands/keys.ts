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
      'Makes a new TLS key and certificate and publishes it beside the present one, so that partners know it before it is shown. With --activate, when they do, the node changes over. A running node takes each step at once.',
    )
    .option('--days <days>', 'how long the new certificate holds', parseDays, 365)
    .option('--activate', 'second step: show the new certificate, and publish it alone');
  withExamples(withConfiguration(renew), ['entente keys renew-tls', 'entente keys renew-tls --activate']).action(
    run(late(async () => (await import('../keys/renew-tls.js')).renewTls)),
  );
  const roll = keys
    .command('roll')
    .summary('a new key in the place of one')
    .description(
      'Makes a new key, publishes it and lets it take over; the old one goes on to verify what it has signed. A running node takes it by itself and tells its partners first. USE is federation (with the announced next key), statement, release, witness, encryption or log, which begins a new epoch of the log; for TLS there is `renew-tls`.',
    )
    .argument('<use>', 'what the key is for')
    .option('--days <number>', 'how long the new key is good', whole, 730)
    .option('--in <seconds>', 'when it takes over (default: at once)', whole)
    .option('--next <file>', 'the announced federation key (default: offline/next-federation.json)');
  withExamples(withConfiguration(roll), [
    'entente keys roll release',
    'entente keys roll log',
    'entente keys roll federation --next /media/stick/next.json',
  ]).action(run(late(async () => (await import('../keys/roll.js')).rollKey)));
  const revoke = keys
    .command('revoke')
    .summary('end a key')
    .description(
      'Ends a key at once; roll it over first. With --compromised-from, only what provably existed before that time still counts, whatever its own date says.',
    )
    .argument('<key>', 'name of the key, or its first characters')
    .option('--compromised-from <time>', 'when it may have fallen into other hands, for instance 2031-03-01T08:00Z', time);
  withExamples(withConfiguration(revoke), [
    'entente keys revoke 3fXqFz0n',
    'entente keys revoke 3fXqFz0n --compromised-from 2031-03-01',
  ]).action(run(late(async () => (await import('../keys/revoke.js')).revokeKey)));
};

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3650) throw new InvalidArgumentError('A certificate holds 1 to 3650 days.');
  return days;
}

function whole(text: string): number {
  if (!/^(0|[1-9][0-9]{0,8})$/.test(text)) throw new InvalidArgumentError('A whole number.');
  return Number(text);
}

function time(text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError('A time, for instance 2031-03-01T08:00Z.');
  return Math.floor(milliseconds / 1000);
}
