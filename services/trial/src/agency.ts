/** One agency of a trial: its folder with keys and configuration, and its database. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase, type Server } from '@entente/postgres';
import { programs, runProgram } from './programs.js';
import type { WireEnd } from './wire.js';

export interface AgencyPlan {
  /** Short name: folder, database. */
  name: string;
  /** Entity id. */
  id: string;
  title: string;
  country: string;
  type: string;
}

export interface Ports {
  /** Officers, auditors, machines of the agency. */
  agency: number;
  /** Where the node listens for peers. */
  federation: number;
  /** Where the wire is tapped: what the agency publishes as its address. */
  wire: number;
}

export interface Agency extends AgencyPlan {
  folder: string;
  ports: Ports;
  url: string;
  /** RFC 7638 thumbprint of its federation key, as an administrator would read it out on the telephone. */
  thumbprint: string;
  /** Its published entity configuration (JWT). */
  configuration: string;
  databaseUrl: { owner: string; application: string };
  tls: WireEnd;
}

interface Place {
  /** Folder of all agencies. */
  base: string;
  ports: Ports;
}

/** Keys, certificate and configuration by `entente init`, with `settings` that differ; an agency that exists is left as it is. */
export async function makeAgency(plan: AgencyPlan, { base, ports }: Place, settings: Record<string, unknown> = {}): Promise<void> {
  const folder = join(base, plan.name);
  const file = join(folder, 'entente.json');
  if (existsSync(file)) return;
  await mkdir(base, { recursive: true });
  const answers = join(base, `${plan.name}.answers.json`);
  await writeFile(
    answers,
    JSON.stringify({
      entity_id: plan.id,
      name: plan.title,
      country: plan.country,
      agency_type: plan.type,
      federation_host: '127.0.0.1',
      federation_port: ports.federation,
      public_url: `https://127.0.0.1:${ports.wire}`,
      agency_host: '127.0.0.1',
      agency_port: ports.agency,
      trial: true,
    }),
  );
  await runProgram(programs.cli, ['init', '--answers', answers, '--json', folder]);
  await rm(answers);
  if (Object.keys(settings).length > 0)
    await writeFile(file, `${JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...settings }, null, 2)}\n`, { mode: 0o600 });
}

/** The agency that was made there, with its database on this server; the node brings the tables. */
export async function openAgency(plan: AgencyPlan, { base, ports }: Place, postgres: Server): Promise<Agency> {
  const folder = join(base, plan.name);
  const database = plan.name.replaceAll('-', '_');
  const urls = await createDatabase(postgres, { name: database, owner: `${database}_owner`, application: `${database}_node` });
  await writeFile(join(folder, 'secrets', 'database.url'), `${urls.applicationUrl}\n`, { mode: 0o600 });
  await writeFile(join(folder, 'secrets', 'database-owner.url'), `${urls.ownerUrl}\n`, { mode: 0o600 });
  const configuration = (await readFile(join(folder, 'entity-configuration.jwt'), 'utf8')).trim();
  const [key, certificate] = await Promise.all([
    readFile(join(folder, 'secrets', 'keys', 'tls.key.pem'), 'utf8'),
    readFile(join(folder, 'secrets', 'keys', 'tls.cert.pem'), 'utf8'),
  ]);
  return {
    ...plan,
    folder,
    ports,
    url: `http://127.0.0.1:${ports.agency}`,
    thumbprint: thumbprintOf(configuration),
    configuration,
    databaseUrl: { owner: urls.ownerUrl, application: urls.applicationUrl },
    tls: { name: plan.name, key, certificate },
  };
}

const thumbprintOf = (configuration: string): string =>
  (JSON.parse(Buffer.from(configuration.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
