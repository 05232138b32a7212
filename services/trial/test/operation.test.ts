/** What an administrator sees of a running node, and how a certificate is changed under way. */
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '@entente/postgres';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce } from '../src/federation.js';
import { programs, runProgram } from '../src/programs.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, post, seconds, sighting, startAgencies } from './agencies.js';

// Nobody stands between them: whoever taps a wire knows only the certificates that it began with.
const federation = await startAgencies(t, ['nl-cus', 'de-lic'], {}, { tapped: false });
const [customs, licensing] = [federation.member('nl-cus'), federation.member('de-lic')];
await introduce(federation.members);
const parties = federation.members.map(({ agency }) => agency.id);
await agree(federation.members, arrangement(parties, { expires: seconds() + 400 * 86_400 }));
const config = join(customs.agency.folder, 'entente.json');
const keys = join(customs.agency.folder, 'secrets', 'keys');

interface Finding {
  check: string;
  severity: string;
  what: string;
  mend?: string;
}

/** What `doctor` does not find in order. */
async function doctor(env: NodeJS.ProcessEnv = {}): Promise<{ code: number; errors: Finding[]; warnings: Finding[]; all: Finding[] }> {
  const { code, stdout, stderr } = await runProgram(programs.node, ['doctor', '--json', '--config', config], { accept: [0, 1], env });
  if (stdout === '') throw new Error(stderr);
  const all = JSON.parse(stdout).findings as Finding[];
  const of = (severity: string) => all.filter((finding) => finding.severity === severity);
  return { code, errors: of('error'), warnings: of('warning'), all };
}

async function exchange(words: string): Promise<void> {
  const there = await post(customs, sighting(`${words}, there`), [licensing.agency.id]);
  const back = await post(licensing, sighting(`${words}, back`), [customs.agency.id]);
  await heldByAll(customs, there);
  await heldByAll(licensing, back);
}

t.test('doctor: all in order, and each thing that is not', async (t) => {
  const { code, errors, warnings, all } = await doctor();
  t.equal(code, 0);
  t.same([...errors, ...warnings], []);
  for (const check of ['version', 'database', 'disk', 'certificate', 'clock', 'peer'])
    t.ok(
      all.some((one) => one.check === check),
      check,
    );
  t.ok(all.every(({ severity, mend }) => severity === 'ok' || mend));

  const owner = await doctor({ ENTENTE_DATABASE_URL_FILE: join(customs.agency.folder, 'secrets', 'database-owner.url') });
  t.equal(owner.code, 1);
  t.match(owner.errors, [{ check: 'database', what: /owns the tables/, mend: /application role/ }]);
  const nowhere = join(federation.folder, 'nowhere.url');
  await writeFile(nowhere, 'postgres://nobody:x@127.0.0.1:1/nothing', { mode: 0o600 });
  t.match((await doctor({ ENTENTE_DATABASE_URL_FILE: nowhere })).errors, [{ check: 'database', what: /cannot be reached/ }]);
  t.match((await doctor({ ENTENTE_CLOCK_SHIFT: '600' })).warnings, [{ check: 'clock' }, { check: 'clock', what: /most partners/ }]);

  await rename(join(keys, 'tls.key.pem'), join(keys, 'kept'));
  await writeFile(join(keys, 'tls.key.pem'), await readFile(join(licensing.agency.folder, 'secrets', 'keys', 'tls.key.pem')), {
    mode: 0o600,
  });
  t.match((await doctor()).errors, [{ check: 'certificate', what: /is not the key of/, mend: /renew-tls/ }]);
  await rename(join(keys, 'kept'), join(keys, 'tls.key.pem'));

  await licensing.node.stop();
  const alone = await doctor();
  t.match(alone.warnings, [{ check: 'peer', what: /cannot be reached/, mend: /network/ }]);
  t.equal(alone.code, 0, 'a partner that is away is no fault of this node');
  await federation.restart('de-lic');
});

t.test('a certificate is renewed under way: published first, shown when partners know it, announced when it runs out', async (t) => {
  const renew = async (args: string[], code = 0) => {
    const ran = await runProgram(programs.cli, ['keys', 'renew-tls', '--json', '--config', config, ...args], { accept: [code] });
    return JSON.parse(ran.stdout);
  };
  t.match(await renew(['--activate'], 2), { error: { code: 'file_missing' } }, 'the second step is not the first');
  t.match(await renew(['--days', '10']), { step: 'announced' });
  t.match(await renew([], 2), { error: { code: 'already_there' } });
  await until('the running node has told the partner of the new certificate', async () =>
    (await doctor()).warnings.length === 0 ? true : undefined,
  );
  t.match(await renew(['--activate']), { step: 'activated' });
  const [port] = await freePorts(1);
  await customs.node.stop();
  await appendFile(join(customs.agency.folder, 'node.log'), 'RENEWED\n');
  await federation.restart('nl-cus', { env: { ENTENTE_METRICS_PORT: String(port) } });
  await exchange('Under the new certificate');

  const soon = [{ what: 'certificate', owner: customs.agency.id, soon: true, days: 9 }];
  const listed = (await customs.api.administrator.GET('/v1/expiries')).data!.items;
  t.match(
    listed.filter((one) => one.soon && one.what === 'certificate'),
    soon,
  );
  const warnings = (await doctor()).warnings as { check: string }[];
  t.match(
    warnings.filter(({ check }) => check === 'certificate'),
    [{ what: /ends in 9 days/, mend: /renew-tls/ }],
  );
  const log = (await customs.node.log()).split('RENEWED\n')[1]!;
  t.match(log, /"what":"certificate".*"days":9.*"msg":"this runs out soon"/);
  t.match(await customs.api.administrator.GET('/v1/expiries').then(({ response }) => response.status), 200);

  await customs.api.dpo.POST('/v1/subject-requests', {
    body: {
      right: 'ACCESS',
      channel: 'EMAIL',
      identity: 'UNCHECKED',
      received_at: '2020-01-01T00:00:00Z',
      subject: { names: ['Spät Dran'] },
      asks: 'What is held about me?',
    },
  });
  const scrape = async (path = '/metrics') => await fetch(`http://127.0.0.1:${port}${path}`);
  const text = await until('the partner has been heard', async () => {
    const read = await (await scrape()).text();
    return /entente_peer_last_heard_seconds\{peer="https:\/\/de-lic.example"\} \d/.test(read) ? read : undefined;
  });
  for (const line of [
    /entente_feed_released\{peer="https:\/\/de-lic.example"\} 1\n/,
    /entente_feed_queued\{peer="https:\/\/de-lic.example"\} 0\n/,
    /entente_feed_oldest_queued_seconds\{[^}]*\} 0\n/,
    /entente_feed_refused\{[^}]*\} 0\n/,
    /entente_feed_received\{[^}]*\} 1\n/,
    /entente_quarantined 0\n/,
    /entente_subject_requests_due\{standing="OVERDUE"\} 1\n/,
    /entente_log_entries\{log="exchange"\} [1-9]/,
    /entente_log_checkpoint_age_seconds\{log="exchange"\} \d/,
    /entente_database_connections\{state="total"\} [1-9]/,
    /entente_expiry_days\{what="certificate",owner="https:\/\/nl-cus.example",name="[0-9A-F:]{95}"\} 9\n/,
    /entente_http_request_duration_seconds_count\{face="agency",route="POST \/v1\/statements",status="2xx"\} 1\n/,
    /entente_http_request_duration_seconds_count\{face="federation",route="POST \/federation\/v1\/feed\/poll"/,
    /process_resident_memory_bytes \d/,
  ])
    t.match(text, line);
  t.notMatch(text, /Under the new certificate|Bearer|postgres:\/\//);
  t.equal((await scrape('/')).status, 404);
  t.equal((await fetch(`${customs.agency.url}/metrics`)).status, 404, 'and nowhere else');
});
