/** Looks at everything that a node needs, without starting it and without changing anything, and says how to mend what is wrong. */
import { randomBytes } from 'node:crypto';
import { openStore } from '@entente/store';
import { clockOf } from '../clock.js';
import { readSecret } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { expiriesOf, expiryWords } from '../expiry/expiries.js';
import { type Identity, loadIdentity } from '../identity.js';
import { type Directory, openDirectory } from '../peers/directory.js';
import { checkCertificate } from './certificate.js';
import { checkDatabase } from './database.js';
import { checkDisk } from './disk.js';
import { error, type Finding, ok, warning } from './finding.js';
import { checkPeer, judgeClock } from './peers.js';

/** Of Node.js that the project is tested with. */
const OLDEST_NODE = [20, 19] as const;

type Clock = () => number;

export async function examine(config: Config): Promise<Finding[]> {
  const now = clockOf(process.env);
  const url = readSecret(config.database.url_file);
  const [database, disk] = await Promise.all([checkDatabase(url, now), checkDisk(config.entity_configuration_file)]);
  const identity = identityOf(config, now);
  if ('severity' in identity) return [version(), ...database, ...disk, identity];
  const usable = !database.some(({ severity }) => severity === 'error');
  return [
    version(),
    ...database,
    ...disk,
    ...checkCertificate(config, identity),
    ...(usable ? await examineOthers(url, identity, now) : []),
  ];
}

function identityOf(config: Config, now: Clock): Identity | Finding {
  try {
    return loadIdentity(config, now);
  } catch (cause) {
    return error(
      'key',
      (cause as Error).message,
      'Put the folder with the keys and the entity configuration that belongs to it back in place.',
    );
  }
}

function version(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return enough
    ? ok('version', `Node.js ${process.versions.node}`)
    : error('version', `Node.js ${process.versions.node} is too old`, `Install ${OLDEST_NODE.join('.')} or newer.`);
}

async function examineOthers(url: string, identity: Identity, now: Clock): Promise<Finding[]> {
  const store = await openStore({ url, applicationName: 'entente-doctor', poolSize: 2, now, random: randomBytes });
  try {
    const directory = await openDirectory(store, identity.id);
    const asked = directory.active().map(async (peer) => ({ peer: peer.id, ...(await checkPeer(peer, identity, now)) }));
    const answers = await Promise.all(asked);
    const aheads = answers.flatMap(({ peer, ahead }) => (ahead === undefined ? [] : [{ peer, ahead }]));
    return [...expiries(identity, directory, now()), ...judgeClock(aheads), ...answers.flatMap(({ findings }) => findings)];
  } finally {
    await store[Symbol.asyncDispose]();
  }
}

function expiries(identity: Identity, directory: Directory, now: number): Finding[] {
  const { id, configuration, tls } = identity;
  const all = expiriesOf(
    { id, configuration, certificate: tls.certificate, peers: directory.all(), agreements: directory.agreements() },
    now,
  );
  const soon = all.filter((expiry) => expiry.soon);
  if (soon.length === 0) return [ok('certificate', `nothing ends within 30 days; first ${expiryWords(all[0]!, id, now).what}`)];
  return soon.map((expiry) => {
    const { what, mend } = expiryWords(expiry, id, now);
    return expiry.expiresAt <= now && expiry.owner === id ? error(expiry.what, what, mend) : warning(expiry.what, what, mend);
  });
}
