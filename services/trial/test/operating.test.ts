/** docs/operating.md, as an administrator types it. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, freePorts, startServer } from '@entente/postgres';
import t from 'tap';
import { programs, runProgram } from '../src/programs.js';
import { until } from '../src/until.js';
import { arrangement } from './agencies.js';
import { documentedBlocks, runDocumented } from './documented-commands.js';

const folder = await mkdtemp(join(tmpdir(), 'entente-operating-'));
t.teardown(() => rm(folder, { recursive: true, force: true }));
const postgres = await startServer({ dir: join(folder, 'postgres') });
t.teardown(() => postgres.stop());

t.test('what a page shows is told apart by the word after the backticks', async (t) => {
  const page = ['a', '```sh', 'one', '# two', '```', '```sql', 'no', '```', '```sh fails', 'x', '```', '```sh background', 'y', '```'];
  t.same(documentedBlocks(page.join('\n')), [
    { line: 3, script: 'one\n# two', how: 'succeeds' },
    { line: 10, script: 'x', how: 'fails' },
    { line: 13, script: 'y', how: 'background' },
  ]);
});

t.test('docs/operating.md', async (t) => {
  const work = join(folder, 'work');
  await mkdir(work);
  for (const [name, prefix] of [
    ['customs', 'database'],
    ['restored', 'restored'],
  ] as const) {
    const urls = await createDatabase(postgres, { name, owner: `${name}_owner`, application: `${name}_node` });
    await writeFile(join(work, `${prefix}.url`), urls.applicationUrl, { mode: 0o600 });
    await writeFile(join(work, `${prefix}-owner.url`), urls.ownerUrl, { mode: 0o600 });
  }
  const [agency, federation, metrics, away] = (await freePorts(4)) as [number, number, number, number];
  await makePartner(work, away);
  await runDocumented(t, {
    file: 'docs/operating.md',
    folder: work,
    env: {
      AGENCY_PORT: String(agency),
      FEDERATION_PORT: String(federation),
      METRICS_PORT: String(metrics),
      ENTENTE_CONFIG: 'agency/entente.json',
    },
    ready: () =>
      until('the node answers', async () => (await fetch(`http://127.0.0.1:${agency}/readyz`).catch(() => undefined))?.ok || undefined),
  });
});

/** The other agency's folder, with what it sends: its configuration, its thumbprint. Its node does not run. */
async function makePartner(work: string, port: number): Promise<void> {
  const id = 'https://de-lic.example';
  const flags = { 'entity-id': id, name: 'Licensing', country: 'DE', 'agency-type': 'LIC', 'federation-port': port };
  const given = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const made = await runProgram(programs.cli, ['init', join(work, 'de-lic'), '--trial', '--json', ...given]);
  await copyFile(join(work, 'de-lic', 'entity-configuration.jwt'), join(work, 'de-lic.jwt'));
  await writeFile(join(work, 'de-lic.thumbprint'), JSON.parse(made.stdout).thumbprint);
  await writeFile(join(work, 'agreement.json'), JSON.stringify(arrangement(['https://nl-cus.example', id])));
}
