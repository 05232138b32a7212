// What docker-compose.yml promises, in assertions: who reaches what, what a container may do, where secrets lie.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { agencies } from './docker/agencies.mjs';
import { contextFilter, parseDockerfile } from './docker/dockerfile.mjs';
import { root } from './setup.mjs';

const read = (file) => readFileSync(join(root, file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true });
const services = Object.entries(compose.services);

t.test('each container has the least that it needs', async (t) => {
  for (const [name, service] of services) {
    t.match(service.user, /ENTENTE_UID/, `${name} is not root`);
    t.equal(service.read_only, true, `${name} cannot change its program`);
    t.same(service.cap_drop, ['ALL'], `${name} has no capabilities`);
    t.notOk(service.cap_add ?? service.privileged, `${name} gets none back`);
    t.ok(service.security_opt.includes('no-new-privileges:true'));
    t.ok(service.tmpfs.length > 0);
    const { cpus, memory, pids } = service.deploy.resources.limits;
    t.ok(cpus && memory && pids, `${name} has limits`);
    t.ok(service.restart, `${name} says whether it comes back`);
  }
});

t.test('a database is reached by its own node and migration only, and from nowhere else', async (t) => {
  for (const { name, port } of agencies) {
    const network = `${name}-database`;
    t.same(
      services.filter(([, service]) => service.networks.includes(network)).map(([service]) => service),
      [name, `${name}-migrate`, network],
    );
    t.equal(compose.networks[network].internal, true);
    t.notOk(compose.services[network].ports, 'no port of the database is published');
    t.same(compose.services[name].ports, [`127.0.0.1:${port}:8080`], 'officers come in from this machine only');
    t.equal(compose.services[name].depends_on[`${name}-migrate`].condition, 'service_completed_successfully');
    t.equal(compose.services[name].depends_on[network].condition, 'service_healthy');
  }
  t.equal(compose.networks.partners.internal, true);
});

t.test('secrets are files, each given to those alone that need it', async (t) => {
  for (const { file } of Object.values(compose.secrets)) t.match(file, /^\$\{ENTENTE_DOCKER/);
  for (const [name, service] of services) {
    for (const { source } of service.secrets) {
      t.ok(source in compose.secrets, `${source} is declared`);
      t.ok(source.startsWith(name.replace(/-(database|migrate)$/, '')), `${name} gets no secret of the other agency`);
    }
    const owners = service.secrets.filter(({ source }) => source.endsWith('-database-owner-url'));
    t.equal(owners.length, name.endsWith('-migrate') ? 1 : 0, 'only the migration holds the address of the owner');
    t.notMatch(JSON.stringify(service.environment ?? {}), /password"?:\s*"[^/]/i, 'no password in an environment');
    for (const volume of service.volumes)
      if (volume.type === 'bind') t.equal(volume.read_only, true, `${name} cannot write ${volume.target}`);
  }
});

t.test('the image is built in stages, runs as nobody, and sees no secret', async (t) => {
  const steps = parseDockerfile(read('Dockerfile'));
  const last = steps.slice(steps.findLastIndex(({ instruction }) => instruction === 'FROM'));
  t.notOk(
    last.some(({ instruction }) => instruction === 'RUN'),
    'nothing is installed in the last stage',
  );
  t.match(last.find(({ instruction }) => instruction === 'USER').rest, /^[1-9]\d*:[1-9]\d*$/);
  t.ok(last.some(({ instruction }) => instruction === 'HEALTHCHECK'));
  t.ok(last.some(({ instruction, rest }) => instruction === 'ENV' && rest === 'NODE_ENV=production'));
  const seen = contextFilter(read('.dockerignore'));
  for (const path of ['packages/seal/src/index.ts', 'package-lock.json', 'migrations/0001_foundation.sql', 'services/cli/bin/entente.js'])
    t.ok(seen(path), `${path} is seen by the build`);
  for (const path of [
    '.git/config',
    '.entente/docker/nl-cus/secrets/kek.json',
    'services/trial/src/main.ts',
    'packages/seal/test/a.test.ts',
    'node_modules/pg/index.js',
    'services/node/node_modules/undici/a.js',
    'packages/seal/dist/src/a.js',
  ])
    t.notOk(seen(path), `${path} is not`);
});
