/** Another process of the same node, on the same database: partners know the first one's address only. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '@entente/postgres';
import type { Agency } from './agency.js';
import { type Serving, serve } from './serving.js';

const FILE = 'entente.second.json';

export interface SecondProcess {
  node: Serving;
  /** Of its agency listener. */
  url: string;
}

/** With the same keys, at addresses of its own; resolves when it answers. */
export async function serveSecond(agency: Agency): Promise<SecondProcess> {
  const [port, federationPort] = (await freePorts(2)) as [number, number];
  const first = JSON.parse(await readFile(join(agency.folder, 'entente.json'), 'utf8'));
  const second = { ...first, agency: { ...first.agency, port }, federation: { ...first.federation, port: federationPort } };
  await writeFile(join(agency.folder, FILE), JSON.stringify(second), { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  const node = serve({ ...agency, url }, { config: FILE });
  await node.ready().catch(async (error: unknown) => {
    await node.kill();
    throw error;
  });
  return { node, url };
}
