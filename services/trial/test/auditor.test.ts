/** The auditor's program on real nodes: proof files, inspection, watching. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { programs, runProgram } from '../src/programs.js';
import { until } from '../src/until.js';
import { arrangement, heldByAll, post, sighting, startAgencies } from './agencies.js';

const names = ['nl-cus', 'de-lic'];
const federation = await startAgencies(t, names, { witnessing: { quorum: 1, neutral: [] } });
const [customs, licensing] = names.map(federation.member) as [Member, Member];
await introduce([customs, licensing]);
await agree([customs, licensing], arrangement([customs.agency.id, licensing.agency.id]));
const folder = await mkdtemp(join(federation.folder, 'audit-'));

const statement = await post(customs, sighting('seal broken'), [licensing.agency.id]);
await post(customs, sighting('another seal broken'), [licensing.agency.id]);
await heldByAll(customs, statement);

const trustIn = ({ agency }: Member) => [
  '--configuration',
  join(agency.folder, 'entity-configuration.jwt'),
  '--thumbprint',
  agency.thumbprint,
];
async function asking({ agency, tokens }: Member): Promise<string[]> {
  const tokenFile = join(folder, `${agency.name}.token`);
  await writeFile(tokenFile, tokens.auditor, { mode: 0o600 });
  return ['--node', agency.url, '--token-file', tokenFile];
}
const audit = (...args: string[]) => runProgram(programs.auditor, args, { accept: [0, 1, 2] });

t.test('a proof file of either side holds offline, cosigned by the partner', async (t) => {
  for (const [member, partner] of [
    [customs, licensing],
    [licensing, customs],
  ] as const) {
    const file = join(folder, `${member.agency.name}.proof.json`);
    const proven = await until(`a cosigned proof of ${member.agency.name}`, async () => {
      t.match(await audit('prove', statement, ...(await asking(member)), '--out', file), { code: 0 });
      const { code, stdout, stderr } = await audit('verify', file, ...trustIn(member), '--json');
      t.equal(code, 0, stdout + stderr);
      const result = JSON.parse(stdout);
      return result.checkpoints.every((one: { cosigned_by: string[] }) => one.cosigned_by.length > 0) ? result : undefined;
    });
    t.match(proven, {
      holds: true,
      originator: customs.agency.id,
      kind: 'sighting',
      releases: [{ peer: partner.agency.id, receipt: true }],
      checkpoints: [{ cosigned_by: [`${new URL(partner.agency.id).host}/witness`] }],
    });
    t.notMatch(await readFile(file, 'utf8'), /seal broken/, 'it shows no content');
  }
  t.match(
    await audit('verify', join(folder, 'nl-cus.proof.json'), ...trustIn(licensing)),
    { code: 1 },
    'by the keys of another it does not hold',
  );
});

t.test('a checkpoint that is asked for covers all that was there before, also while others ask', async (t) => {
  const proven = await Promise.all(
    Array.from({ length: 8 }, async (_, i) => {
      const digest = await post(customs, sighting(`asked for at once ${i}`), [licensing.agency.id]);
      const { size } = (await customs.api.auditor.POST('/audit/v1/checkpoint', { params: { query: { log: 'exchange' } } })).data!;
      const query = { digest, size };
      const { data } = await customs.api.auditor.GET('/audit/v1/tlog/{log}/proof', { params: { path: { log: 'exchange' }, query } });
      return data!.items.length;
    }),
  );
  t.ok(proven.every((leaves) => leaves > 0));
});

t.test('an inspection: signed, and as a page', async (t) => {
  const key = join(folder, 'auditor.key.json');
  t.match(await audit('key', '--out', key), { code: 0 });
  const out = join(folder, 'inspection');
  const { code, stdout, stderr } = await audit(
    'report',
    ...(await asking(customs)),
    ...trustIn(customs),
    '--key',
    key,
    '--out',
    out,
    '--json',
  );
  t.equal(code, 0, stdout + stderr);
  const { checks, holds } = JSON.parse(stdout);
  t.equal(holds, true);
  const outcome = (id: string) => checks.find((check: { id: string }) => check.id === id).outcome;
  for (const id of ['AU-01', 'AU-02', 'AU-07', 'AU-08', 'AU-10', 'AU-12', 'AU-13', 'AU-18', 'AU-22']) t.equal(outcome(id), 'holds', id);
  t.match(await readFile(`${out}.html`, 'utf8'), customs.agency.id);
});

t.test('who watches a log is told that it goes on', async (t) => {
  const watch = ['watch', ...(await asking(customs)), ...trustIn(customs), '--state', join(folder, 'seen'), '--once'];
  t.match(await audit(...watch), { code: 0, stdout: /entries, continued/ });
  await post(customs, sighting('a third seal'), [licensing.agency.id]);
  t.match(await audit(...watch), { code: 0, stdout: /entries, continued/ });
});
