import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { variablesOf } from '../src/config/environment.js';
import { ConfigError, loadConfig, readSecret } from '../src/config/load.js';
import { configSchema } from '../src/config/schema.js';

const document = {
  entity_id: 'https://nl-cus.example',
  organization: { name: 'Customs, the Netherlands', country: 'NL', agency_type: 'CUS' },
  federation: { public_url: 'https://nl-cus.example:8443' },
  database: { url_file: 'secrets/database.url' },
  keys: { folder: 'secrets/keys' },
  kek_file: 'secrets/kek.json',
  token_key_file: 'secrets/token.key',
  entity_configuration_file: 'entity-configuration.jwt',
  issuers: [{ issuer: 'https://login.nl-cus.example/realms/customs', audience: 'entente' }],
};

/** A folder as `entente init` makes it, with this document in it; the path of the configuration. */
function folder(test: { testdir(): string }, changes: object = {}, text?: string): string {
  const at = test.testdir();
  mkdirSync(join(at, 'secrets', 'keys'), { recursive: true });
  chmodSync(join(at, 'secrets', 'keys'), 0o700);
  for (const name of ['database.url', 'kek.json', 'token.key', 'local-issuer.json', 'tls.key']) {
    writeFileSync(join(at, 'secrets', name), `${name}\n`, { mode: 0o600 });
  }
  const file = join(at, 'entente.json');
  writeFileSync(file, text ?? JSON.stringify({ ...document, ...changes }));
  return file;
}

function problemsOf(file: string, env: Record<string, string> = {}): readonly string[] {
  try {
    loadConfig(file, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

t.test('a short file is enough: everything else has a safe default, and nothing changes afterwards', async (t) => {
  const file = folder(t);
  const config = loadConfig(file, {});
  t.match(config, {
    agency: { host: '127.0.0.1', port: 8080 },
    federation: { host: '0.0.0.0', port: 8443 },
    checkpoint_interval_seconds: 600,
    merge_delay_seconds: 3600,
    long_poll_seconds: 50,
    log_level: 'info',
    exercise: false,
    database: { pool_size: 10, url_file: join(file, '..', 'secrets', 'database.url') },
    keys: { folder: join(file, '..', 'secrets', 'keys') },
    limits: { requests_per_minute: 6000 },
  });
  t.same(config.issuers[0]!.claims, { pseudonym: 'sub', client: 'client_id', roles: 'entente_roles', unit: 'unit' });
  t.throws(() => {
    (config as { entity_id: string }).entity_id = 'https://other.example';
  });
  t.throws(() => (config.issuers as unknown[]).push({}));
  t.equal(readSecret(config.kek_file), 'kek.json');
});

t.test('every value can come from the environment', async (t) => {
  const file = folder(t);
  const env = {
    ENTENTE_AGENCY_PORT: '9090',
    ENTENTE_LOG_LEVEL: 'warn',
    ENTENTE_EXERCISE: 'true',
    ENTENTE_ORGANIZATION_NAME: '007',
    ENTENTE_ISSUERS: '[{"issuer":"http://127.0.0.1:7000","audience":"entente"}]',
    ENTENTE_POSTGRES_BIN: '/usr/lib/postgresql',
    UNRELATED: 'x',
  };
  t.match(loadConfig(file, env), {
    agency: { port: 9090 },
    log_level: 'warn',
    exercise: true,
    organization: { name: '007' },
    issuers: [{ issuer: 'http://127.0.0.1:7000' }],
  });
  t.ok(variablesOf(configSchema as never).size > 25);
  t.match(problemsOf(file, { ENTENTE_AGENCY_PROT: '1' }), [/ENTENTE_AGENCY_PROT: no such setting/]);
  t.match(problemsOf(file, { ENTENTE_AGENCY_PORT: '' }), [/is empty/]);
  t.match(problemsOf(file, { ENTENTE_AGENCY_PORT: 'http' }), [/ENTENTE_AGENCY_PORT: should be integer/]);
  t.match(problemsOf(file, { ENTENTE_AGENCY_PORT: '70000' }), [/agency.port: must be <= 65535/]);
});

t.test('what is wrong is said all at once, each with how to mend it', async (t) => {
  const { entity_id: _, ...without } = document;
  const file = folder(
    t,
    {},
    JSON.stringify({ ...without, agency_port: 1, log_level: 'loud', organization: { ...document.organization, country: 'Netherlands' } }),
  );
  const problems = problemsOf(file);
  t.equal(problems.length, 4);
  t.ok(problems.some((p) => /^entity_id: is missing; The https URL/.test(p)));
  t.ok(problems.some((p) => /^agency_port: no such setting/.test(p)));
  t.ok(problems.some((p) => /^log_level: should be one of fatal, error/.test(p)));
  t.ok(problems.some((p) => /^organization.country: .*ISO 3166-1/.test(p)));
  t.match(
    problemsOf(folder(t, {}, '{"entity_id": "https://a.example", "entity_id": "https://b.example"}')),
    [/is not JSON/],
    'a member twice',
  );
  t.match(problemsOf(folder(t, {}, 'entity_id: x')), [/is not JSON/]);
  t.match(problemsOf(join(t.testdir(), 'nothing.json')), [/cannot be read \(ENOENT\); `entente init`/]);
});

t.test('dangerous states do not start', async (t) => {
  const cases: [string, object, RegExp, Record<string, string>?][] = [
    ['clear text beyond this machine', { agency: { host: '0.0.0.0' } }, /^agency.host: .*agency.tls/],
    [
      'a local issuer in production',
      { local_issuer: { key_file: 'secrets/local-issuer.json' } },
      /^local_issuer: .*trials/,
      { NODE_ENV: 'production' },
    ],
    ['nobody may log in', { issuers: [] }, /^issuers: nobody/],
    ['one issuer twice', { issuers: [document.issuers[0], document.issuers[0]] }, /^issuers: two entries/],
    [
      'an issuer in clear text',
      { issuers: [{ issuer: 'http://login.example', audience: 'a' }] },
      /^issuers\[0\].issuer: should be an https URL/,
    ],
    ['an entity id with a query', { entity_id: 'https://nl-cus.example?x=1' }, /^entity_id: /],
    ['an entity id in another form', { entity_id: 'https://NL-CUS.example' }, /^entity_id: /],
    ['a public address with a password', { federation: { public_url: 'https://a:b@nl-cus.example' } }, /^federation.public_url: /],
    ['a promise that cannot be kept', { checkpoint_interval_seconds: 7200 }, /^checkpoint_interval_seconds: /],
    ['numbers for everybody', { metrics: { host: '0.0.0.0' } }, /^metrics.host: .*metrics.token_file/],
    ['no database', { database: { url_file: 'secrets/nothing' } }, /^database.url_file: there is nothing/],
    ['a test instruction in production', {}, /^ENTENTE_KILL_AT/, { NODE_ENV: 'production', ENTENTE_KILL_AT: 'receive.stored:1' }],
    ['F14 a clock set wrong in production', {}, /^ENTENTE_CLOCK_SHIFT: is for/, { NODE_ENV: 'production', ENTENTE_CLOCK_SHIFT: '60' }],
    ['F14 a clock set wrong by what is no number', {}, /^ENTENTE_CLOCK_SHIFT: should be/, { ENTENTE_CLOCK_SHIFT: 'a day' }],
  ];
  for (const [name, changes, expected, env] of cases) t.match(problemsOf(folder(t, changes), env), [expected], name);
  t.same(
    problemsOf(folder(t, { agency: { host: '0.0.0.0', tls: { certificate_file: 'secrets/tls.key', key_file: 'secrets/tls.key' } } })),
    [],
  );
  t.same(problemsOf(folder(t, { local_issuer: { key_file: 'secrets/local-issuer.json' }, issuers: [] })), [], 'in a trial');
});

t.test('secrets that others can read, or that are empty, do not serve', async (t) => {
  const file = folder(t);
  const secret = join(file, '..', 'secrets', 'kek.json');
  chmodSync(secret, 0o604);
  t.match(problemsOf(file), [/^kek_file: every user of this machine can reach .*chmod/]);
  chmodSync(secret, 0o640);
  t.same(problemsOf(file), [], 'a group may be meant');
  chmodSync(join(file, '..', 'secrets', 'keys'), 0o755);
  t.match(problemsOf(file), [/^keys.folder: every user/]);
  chmodSync(join(file, '..', 'secrets', 'keys'), 0o700);
  writeFileSync(secret, '');
  t.match(problemsOf(file), [/^kek_file: .* is empty/]);
});
