import { InvalidArgumentError } from 'commander';
import { type CommonOptions, type Register, withConfiguration, withExamples } from '../command.js';
import { readConfiguration } from '../configuration-file.js';
import { makeLocalToken } from '../local-token.js';
import { isRole, type Role, roles } from '../roles.js';

interface TokenOptions extends CommonOptions {
  role: Role[];
  name?: string;
  unit?: string;
  lifetime: number;
}

export const registerToken: Register = (program, run) => {
  const command = program
    .command('token')
    .summary('make a bearer token (local issuer only)')
    .description(
      'Makes a bearer token with the key of the local issuer, for trials. An agency at work gets its tokens from its own OpenID Connect issuer, and a node in production refuses these.',
    )
    .requiredOption('--role <role>', 'role of the bearer; may be given several times', collectRole)
    .option('--name <pseudonym>', 'what the node records instead of a name (default: the first role in small letters)')
    .option('--unit <unit>', 'unit of the agency')
    .option('--lifetime <time>', 'how long it holds: 90s, 15m, 8h, 7d', parseLifetime, 8 * 3600);
  command.addHelpText(
    'after',
    `\nRoles:\n${Object.entries(roles)
      .map(([role, words]) => `  ${role.padEnd(18)} ${words}`)
      .join('\n')}`,
  );
  withExamples(withConfiguration(command), [
    'entente token --role ANALYST --name officer-7 --unit POSS',
    'curl -H "Authorization: Bearer $(entente token --role AUDITOR)" http://127.0.0.1:8080/audit/v1/checkpoint',
  ]);
  command.action(
    run<TokenOptions>(async (options, _, { now }) => {
      const name = options.name ?? (options.role[0] as Role).toLowerCase();
      const request = { roles: options.role, name, unit: options.unit, lifetimeSeconds: options.lifetime };
      const { token, expiresAt } = await makeLocalToken(await readConfiguration(options.config), request, now());
      return { result: { token, name, roles: options.role, expires_at: new Date(expiresAt * 1000).toISOString() }, words: [token] };
    }),
  );
};

function collectRole(text: string, before: Role[] = []): Role[] {
  const role = text.toUpperCase();
  if (!isRole(role)) throw new InvalidArgumentError(`Roles are ${Object.keys(roles).join(', ')}.`);
  return [...before, role];
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

function parseLifetime(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (!count || !unit) throw new InvalidArgumentError('Write it as 90s, 15m, 8h or 7d.');
  return Number(count) * (unitSeconds[unit] as number);
}
