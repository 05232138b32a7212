/** The database as the node's role sees it. Pure but for the look itself. */
import { type Inspection, inspectDatabase, StoreError, schemaVersion } from '@entente/store';
import { error, type Finding, ok, warning } from './finding.js';

const OLDEST_SERVER = 150_000;
const CLOCK_TOLERANCE = 5;

export async function checkDatabase(url: string, now: () => number): Promise<Finding[]> {
  try {
    return judgeDatabase(await inspectDatabase(url, now));
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    const mend = 'Look whether PostgreSQL runs, whether the address in database.url_file is right, and whether its role may log in.';
    return [error('database', `the database cannot be reached: ${cause.message}`, mend)];
  }
}

/** Every fault at once. */
export function judgeDatabase(seen: Inspection): Finding[] {
  const found = [...server(seen), ...role(seen), ...schema(seen)];
  if (found.length > 0) return found;
  return [
    ok(
      'database',
      `PostgreSQL ${seen.server.text}, schema ${seen.schema}, ${Math.ceil(seen.bytes / 2 ** 20)} MiB, rights as they should be`,
    ),
  ];
}

function server({ server, settings, clockAhead }: Inspection): Finding[] {
  const unsafe = Object.entries({
    fsync: settings.fsync,
    full_page_writes: settings.fullPageWrites,
    synchronous_commit: settings.synchronousCommit,
  }).filter(([, value]) => value === 'off');
  return [
    ...(server.number < OLDEST_SERVER ? [error('database', `PostgreSQL ${server.text} is too old`, 'Upgrade it to 15 or newer.')] : []),
    ...unsafe.map(([name]) =>
      error(
        'database',
        `${name} is off: after a crash of the machine, what this node has signed may be gone from its database, and partners hold it`,
        `Set ${name} = on in postgresql.conf, or with ALTER ROLE or ALTER DATABASE where it was changed, and reload.`,
      ),
    ),
    ...(Math.abs(clockAhead) > CLOCK_TOLERANCE
      ? [
          warning(
            'clock',
            `the clock of the database is ${Math.round(Math.abs(clockAhead))} s ${clockAhead > 0 ? 'ahead of' : 'behind'} that of this machine`,
            'Let both be set by NTP.',
          ),
        ]
      : []),
  ];
}

function role({ role, excessive, lacking, schema }: Inspection): Finding[] {
  const powerful = [
    role.superuser && 'is a superuser',
    role.bypassesRowSecurity && 'bypasses row-level security',
    role.ownsTables && 'owns the tables',
  ].filter(Boolean);
  return [
    ...(powerful.length > 0
      ? [
          error(
            'database',
            `the role ${role.name} that serves ${powerful.join(' and ')}: it could change history`,
            'Give database.url_file the address of the application role, and the owner only to database.owner_url_file.',
          ),
        ]
      : excessive.length > 0
        ? [
            error(
              'database',
              `the role ${role.name} has rights to change history: ${excessive.join(', ')}`,
              `Revoke them from ${role.name}.`,
            ),
          ]
        : []),
    ...(schema > 0 && lacking.length > 0
      ? [
          error(
            'database',
            `the role ${role.name} lacks rights: ${lacking.join(', ')}`,
            'Migrate with the address of this very role in database.url_file.',
          ),
        ]
      : []),
  ];
}

function schema({ schema, notRecovered }: Inspection): Finding[] {
  if (schema < schemaVersion)
    return [error('schema', `the database has schema ${schema}, this program needs ${schemaVersion}`, 'Run `entente migrate`.')];
  if (schema > schemaVersion)
    return [
      error(
        'schema',
        `the database has schema ${schema}, this program knows ${schemaVersion}`,
        'Install the version that made it, or a later one.',
      ),
    ];
  return notRecovered
    ? [error('schema', 'the database came from a backup, and nobody has said how to go on', 'Run `entente recover`.')]
    : [];
}
