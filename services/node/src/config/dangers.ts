/** States in which a node does not start: each one with how to mend it. */
import { statSync } from 'node:fs';
import { isUngranted } from '@entente/statement';
import { isIssuerUrl, isLoopback } from './issuer-url.js';
import type { Config } from './schema.js';

const worldReadable = 0o007;

export function dangersOf(config: Config, env: Readonly<Record<string, string | undefined>>): string[] {
  return [
    ...namesOf(config),
    ...ceilingOf(config),
    ...listenersOf(config),
    ...loginsOf(config, env),
    ...clocksOf(config),
    ...kindsOf(config),
    ...secretsOf(config),
    ...testsOf(env),
  ];
}

function namesOf({ entity_id, federation }: Config): string[] {
  return [
    ...(isPlainUrl(entity_id)
      ? []
      : [`entity_id: should be an https URL without user, query, fragment or trailing slash, not ${entity_id}`]),
    ...(isPlainUrl(federation.public_url)
      ? []
      : ['federation.public_url: should be an https URL without user, query, fragment or trailing slash']),
  ];
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    url.protocol === 'https:' &&
    !url.username &&
    !url.password &&
    !url.search &&
    !url.hash &&
    (url.href === text || url.href === `${text}/`)
  );
}

function ceilingOf({ classification: { ceiling, accreditation } }: Config): string[] {
  if (['NONE', 'RESTRICTED'].includes(ceiling) || accreditation !== undefined) return [];
  return [`classification.ceiling: ${ceiling} needs an accredited installation; name the accreditation in classification.accreditation`];
}

function listenersOf({ agency, metrics }: Config): string[] {
  return [
    ...(metrics && !isLoopback(metrics.host) && !metrics.token_file
      ? [
          `metrics.host: ${metrics.host} is reached from other machines, and the numbers tell with whom this agency exchanges, and how much; set metrics.token_file, or 127.0.0.1`,
        ]
      : []),
    ...agencyListenerOf(agency),
  ];
}

function agencyListenerOf(agency: Config['agency']): string[] {
  if (isLoopback(agency.host) || agency.tls) return [];
  return [
    `agency.host: ${agency.host} is reached from other machines, and without agency.tls tokens and content would cross the network in clear; set agency.tls, or 127.0.0.1 behind a proxy with TLS`,
  ];
}

function loginsOf({ issuers, local_issuer }: Config, env: Readonly<Record<string, string | undefined>>): string[] {
  const names = [...issuers.map((i) => i.issuer), ...(local_issuer ? [local_issuer.issuer] : [])];
  return [
    ...(local_issuer && env.NODE_ENV === 'production'
      ? ['local_issuer: tokens made on this machine are for trials; remove it, and name your OpenID Connect provider in issuers']
      : []),
    ...(names.length === 0 ? ['issuers: nobody could log in; name your OpenID Connect provider'] : []),
    ...(new Set(names).size < names.length ? ['issuers: two entries have the same issuer; keep one'] : []),
    ...issuers.flatMap((i, at) =>
      isIssuerUrl(i.issuer) ? [] : [`issuers[${at}].issuer: should be an https URL (http on this machine only), without query or fragment`],
    ),
  ];
}

function clocksOf({ checkpoint_interval_seconds, merge_delay_seconds }: Config): string[] {
  return checkpoint_interval_seconds <= merge_delay_seconds
    ? []
    : [
        'checkpoint_interval_seconds: is longer than merge_delay_seconds, so that this node would break the promise of its receipts; make it shorter',
      ];
}

function kindsOf({ refused_kinds }: Config): string[] {
  return refused_kinds
    .filter((kind) => isUngranted(kind))
    .map((kind) => `refused_kinds: ${kind} cannot be refused, for it binds whoever holds what it is about; remove it`);
}

function secretsOf(config: Config): string[] {
  const { agency, database, metrics, kek_file, token_key_file, local_issuer, keys } = config;
  return [
    ...secret('database.url_file', database.url_file, 'write postgres://user:password@host/database into it'),
    ...(database.owner_url_file
      ? secret('database.owner_url_file', database.owner_url_file, 'or remove the setting: only `migrate` needs it')
      : []),
    ...secret('kek_file', kek_file, '`entente init` makes one'),
    ...secret('token_key_file', token_key_file, '`entente init` makes one'),
    ...(metrics?.token_file ? secret('metrics.token_file', metrics.token_file, 'write a long random word into it') : []),
    ...(agency.tls ? secret('agency.tls.key_file', agency.tls.key_file, 'name the private key of the certificate') : []),
    ...(local_issuer ? secret('local_issuer.key_file', local_issuer.key_file, '`entente init` makes one') : []),
    ...secret('keys.folder', keys.folder, '`entente init` makes it'),
  ];
}

function secret(member: string, path: string, mend: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [`${member}: there is nothing at ${path}; ${mend}`];
  if ((stat.mode & worldReadable) !== 0)
    return [`${member}: every user of this machine can reach ${path}; run chmod ${stat.isDirectory() ? 'o-rwx' : 'o='} ${path}`];
  if (stat.isFile() && stat.size === 0) return [`${member}: ${path} is empty; ${mend}`];
  return [];
}

/** What only a test may ask of a node. */
function testsOf({ NODE_ENV, ENTENTE_CLOCK_SHIFT: shift, ENTENTE_KILL_AT: kill }: Readonly<Record<string, string | undefined>>): string[] {
  const inProduction = NODE_ENV === 'production';
  return [
    ...(kill !== undefined && inProduction ? ['ENTENTE_KILL_AT: is for tests; remove it'] : []),
    ...(shift !== undefined && inProduction ? ['ENTENTE_CLOCK_SHIFT: is for tests; remove it'] : []),
    ...(shift !== undefined && !/^-?\d{1,9}$/.test(shift) ? ['ENTENTE_CLOCK_SHIFT: should be whole seconds, like 86400 or -86400'] : []),
  ];
}
