/** Programs that measure the store itself, as processes of their own: the trial knows no database. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createDatabase, dropDatabase, type Server } from '@entente/postgres';

const programs = fileURLToPath(new URL('../../../../../packages/store/dist/bench/', import.meta.url));

/** What the program prints. Its databases are made before it on the server of the bench, and are gone afterwards. */
export async function storeProgram<T>(
  program: 'log' | 'search',
  { postgres, folder, plan, databases }: { postgres: Server; folder: string; plan: object; databases: number },
): Promise<T> {
  const named = Array.from({ length: databases }, (_, i) => {
    const name = `bench_${program}_${i}`;
    return { name, owner: `${name}_owner`, application: `${name}_app` };
  });
  const lines: string[] = [];
  for (const names of named) {
    const { ownerUrl, applicationUrl } = await createDatabase(postgres, names);
    lines.push(`${ownerUrl} ${applicationUrl} ${names.application}`);
  }
  const addresses = join(folder, `${program}.addresses`);
  await writeFile(addresses, `${lines.join('\n')}\n`, { mode: 0o600 });
  const child = spawn(process.execPath, [join(programs, `${program}.js`), JSON.stringify(plan), addresses], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`the ${program} could not be measured`);
  for (const names of named) await dropDatabase(postgres, names);
  return JSON.parse(output) as T;
}
