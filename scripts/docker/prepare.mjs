// Makes what docker-compose.yml mounts: for each of its two agencies a folder with keys and certificates by `entente init`, passwords,
// and the configuration as it reads inside a container. What is there already is left as it is.
// `node scripts/docker/prepare.mjs [FOLDER]`, by default .entente/docker; the compose file finds another one in ENTENTE_DOCKER.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root, SetUpError, setUp } from '../setup.mjs';
import { agencies, agreement } from './agencies.mjs';

const inContainer = '/etc/entente';
const uid = process.getuid() === 0 ? 10_001 : process.getuid();
const gid = process.getuid() === 0 ? 10_001 : process.getgid();

/** @param {string} folder where everything goes */
export async function prepare(folder) {
  const exchange = join(folder, 'exchange');
  mkdirSync(exchange, { recursive: true });
  for (const agency of agencies) {
    const home = join(folder, agency.name);
    if (!existsSync(home)) await makeAgency(agency, home);
    copyFileSync(join(home, 'entity-configuration.jwt'), join(exchange, `${agency.name}.jwt`));
  }
  const text = join(exchange, 'agreement.json');
  if (!existsSync(text)) writeFileSync(text, `${JSON.stringify(agreement(Math.floor(Date.now() / 1000)), null, 2)}\n`);
  // Containers run as the person who prepared this, or as nobody in particular where that is root: secrets stay readable by one only.
  writeFileSync(join(folder, 'compose.env'), `ENTENTE_UID=${uid}\nENTENTE_GID=${gid}\nENTENTE_DOCKER=${folder}\n`);
  if (process.getuid() === 0) giveAway(folder);
}

async function makeAgency(agency, home) {
  const flags = {
    'entity-id': agency.entity_id,
    name: agency.title,
    country: agency.country,
    'agency-type': agency.type,
    'federation-host': '0.0.0.0',
    'federation-port': '8443',
    'public-url': `https://${agency.name}:8443`,
  };
  const given = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  const { thumbprint } = JSON.parse(entente(['init', home, '--trial', '--json', ...given]));
  writeFileSync(join(home, 'thumbprint'), `${thumbprint}\n`);
  await makeOfficersCertificate(agency, home);
  makeDatabaseSecrets(agency, home);
  const configuration = JSON.parse(readFileSync(join(home, 'entente.json'), 'utf8'));
  writeFileSync(join(home, 'container.json'), `${JSON.stringify(forContainer(configuration), null, 2)}\n`);
}

/** Officers come in from outside the container, so their listener has TLS: here with a certificate for this machine only. */
async function makeOfficersCertificate(agency, home) {
  const { makeTlsIdentity } = await import('../../services/cli/dist/src/agency/certificate.js');
  const now = Math.floor(Date.now() / 1000);
  const { keyPem, certificatePem } = await makeTlsIdentity({ entityId: agency.entity_id, publicUrl: 'https://127.0.0.1', now, days: 365 });
  writeFileSync(join(home, 'officers.cert.pem'), certificatePem);
  writeSecret(home, 'officers.key.pem', keyPem);
}

function makeDatabaseSecrets(agency, home) {
  for (const role of ['superuser', 'owner', 'node']) {
    const password = randomBytes(24).toString('base64url');
    writeSecret(home, `${role}.password`, password);
    const url = `postgres://entente_${role}:${password}@${agency.name}-database:5432/entente\n`;
    if (role !== 'superuser') writeSecret(home, role === 'owner' ? 'database-owner.url' : 'database.url', url);
  }
}

/** The owner's address is given to the migrating service alone, by its environment. */
function forContainer(configuration) {
  const { database, local_issuer, ...rest } = configuration;
  const secret = (name) => `/run/secrets/${name}`;
  return {
    ...rest,
    agency: {
      host: '0.0.0.0',
      port: 8080,
      tls: { certificate_file: `${inContainer}/officers.cert.pem`, key_file: secret('officers-key') },
    },
    database: { ...database, url_file: secret('database-url'), owner_url_file: undefined },
    keys: { folder: `${inContainer}/keys` },
    kek_file: secret('kek'),
    token_key_file: secret('token-key'),
    entity_configuration_file: `${inContainer}/entity-configuration.jwt`,
    local_issuer: { ...local_issuer, key_file: secret('local-issuer') },
  };
}

function writeSecret(home, name, text) {
  writeFileSync(join(home, 'secrets', name), text, { mode: 0o600 });
}

function entente(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'services/cli/bin/entente.js'), ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new SetUpError(`entente ${args[0]} failed: ${stderr || stdout}`);
  return stdout;
}

function giveAway(path) {
  chownSync(path, uid, gid);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveAway(join(path, name));
}

if (process.argv[1] === import.meta.filename) {
  const folder = resolve(process.argv[2] ?? join(root, '.entente', 'docker'));
  try {
    if (!existsSync(join(root, 'services/cli/dist/src/main.js'))) setUp({ check: false });
    await prepare(folder);
    console.log(`The folders of ${agencies.map(({ name }) => name).join(' and ')} are in ${folder}.`);
    console.log(`Start them:  docker compose --env-file ${join(folder, 'compose.env')} up --build --detach --wait`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
