/** An entity configuration in its file, and the key that signs it. docs/protocol.md section 2. */
import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type EntityConfiguration, inspectEntityConfiguration, type PrivateJwk, type Signer, signEntityConfiguration } from '@entente/seal';
import { nodeSigner } from '@entente/seal/node';
import { type Configuration, readConfiguration } from '../configuration-file.js';
import { CliError } from '../failure.js';
import { parseJson, readText, replaceFile } from '../files.js';

export interface Published {
  node: Configuration;
  configuration: EntityConfiguration;
  /** The federation key that signed it. */
  signer: Signer;
}

export async function readPublished(config: string | undefined): Promise<Published> {
  const node = await readConfiguration(config);
  const jwt = (await readText(node.entityConfigurationFile, 'entity configuration')).trim();
  const { configuration, kid } = inspectEntityConfiguration(jwt);
  return { node, configuration, signer: nodeSigner(await privateKey(node.keysFolder, kid)) };
}

async function privateKey(folder: string, kid: string): Promise<PrivateJwk> {
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.json'))) {
    const file = join(folder, name);
    const key = parseJson(await readText(file, 'private key'), file, 'private key') as PrivateJwk & { kid?: string };
    if (key.kid === kid) return key;
  }
  throw new CliError(
    'file_missing',
    `the federation key ${kid}, which signs what this agency publishes, is not in ${folder}`,
    'Put it there for as long as this command runs.',
    { folder },
  );
}

/** Last of all: from now on a running node takes it, tells its partners, and signs with what it publishes. */
export async function publish({ node }: Published, configuration: EntityConfiguration, signer: Signer): Promise<void> {
  const signed = await signEntityConfiguration({ ...configuration, exp: endOf(configuration, signer) }, signer);
  await replaceFile(node.entityConfigurationFile, `${signed}\n`);
}

/** It holds as long as what it publishes. */
function endOf({ keys, certificates }: EntityConfiguration, signer: Signer): number {
  const certified = certificates.map(({ pem }) => Math.floor(Date.parse(new X509Certificate(pem).validTo) / 1000));
  return Math.min(Math.max(...certified), keys.find(({ kid }) => kid === signer.kid)!.not_after);
}
