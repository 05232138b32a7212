/** docs/operating.md, as an administrator types it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, startServer } from '@entente/postgres';
import t from 'tap';
import { freePorts } from '../src/ports.js';
import { until } from '../src/until.js';
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
  const urls = await createDatabase(postgres, { name: 'customs', owner: 'customs_owner', application: 'customs_node' });
  await mkdir(join(folder, 'work'));
  await writeFile(join(folder, 'work', 'database.url'), urls.applicationUrl, { mode: 0o600 });
  await writeFile(join(folder, 'work', 'database-owner.url'), urls.ownerUrl, { mode: 0o600 });
  const [agency, federation] = await freePorts(2);
  await runDocumented(t, {
    file: 'docs/operating.md',
    folder: join(folder, 'work'),
    env: { AGENCY_PORT: String(agency), FEDERATION_PORT: String(federation), ENTENTE_CONFIG: 'agency/entente.json' },
    ready: () =>
      until('the node answers', async () => (await fetch(`http://127.0.0.1:${agency}/readyz`).catch(() => undefined))?.ok || undefined),
  });
});
