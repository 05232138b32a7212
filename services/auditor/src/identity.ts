import { type NoteKey, noteKey, parseVkey, signatureType } from '@entente/ledger';
import {
  acceptConfiguration,
  type EntityConfiguration,
  type FindKey,
  findKeyIn,
  inspectEntityConfiguration,
  pinEntity,
} from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import { AuditorError } from './error.js';
import { type Report, reporting } from './finding.js';
import type { LogName, NodeConfiguration } from './source.js';

/** What the auditor brings along. */
export interface Trust {
  /** Entity configuration of the node, received by another way than from the node's API. */
  configuration: string;
  /** Thumbprint of its federation key; without it the key that signed the file is taken. */
  thumbprint?: string;
}

/** The audited node with everything that its signatures and those of its peers are checked against. */
export interface Identity {
  id: string;
  epoch: number;
  peers: ReadonlyMap<string, EntityConfiguration>;
  findKey: FindKey;
  /** Of the log that the configuration names, its key; of another one, every key that ever signed for the logs of the node. */
  logKeys(log: LogName, epoch: number): NoteKey[];
}

/**
 * Opens what the node says of itself and of its peers. The node is judged by the configuration that the auditor brought along, or by one which that vouches for.
 * @throws {AuditorError} `bad_input` when the configuration brought along is not what the thumbprint says
 */
export async function openIdentity(served: NodeConfiguration, trust: Trust, report: Report): Promise<Identity> {
  const own = await openOwn(served.configuration, trust, report);
  const peers = new Map<string, EntityConfiguration>();
  for (const peer of served.peers) {
    const opened = await reporting(report, { check: 'peer', object: peer.id, position: null }, () => openPeer(peer.configuration));
    if (opened !== undefined && opened.id !== peer.id)
      report({ check: 'peer', object: peer.id, position: null, what: `the configuration is that of ${opened.id}` });
    if (opened !== undefined) peers.set(peer.id, opened);
  }
  return {
    id: own.id,
    epoch: served.epoch,
    peers,
    findKey: findKeyIn([own, ...peers.values()], verificationKey),
    logKeys: (log, epoch) =>
      own.log.origin === logName(own.id, 'exchange', epoch) ? [logKeyOf(own, log, epoch)] : pastLogKeysOf(own, log, epoch),
  };
}

async function openOwn(served: string, trust: Trust, report: Report): Promise<EntityConfiguration> {
  const file = inspect(trust.configuration);
  const held = await pinEntity(trust.configuration, trust.thumbprint ?? file.kid, {
    now: file.configuration.iat,
    verifiable: verificationKey,
  }).catch((error: Error) => {
    throw new AuditorError('bad_input', `the entity configuration cannot be trusted: ${error.message}`);
  });
  if (served === trust.configuration) return held.configuration;
  const newer = await reporting(report, { check: 'configuration', object: held.configuration.id, position: null }, () =>
    acceptConfiguration(held, served, { now: file.configuration.iat, verifiable: verificationKey }),
  );
  return newer?.configuration ?? held.configuration;
}

function inspect(configuration: string) {
  try {
    return inspectEntityConfiguration(configuration);
  } catch (error) {
    throw new AuditorError('bad_input', `this is not an entity configuration: ${(error as Error).message}`);
  }
}

/** A peer is pinned by the node; to the auditor its configuration only has to hold together. Its end date is for the node to watch. */
async function openPeer(jwt: string): Promise<EntityConfiguration> {
  const { configuration, kid } = inspectEntityConfiguration(jwt);
  const { configuration: opened } = await pinEntity(jwt, kid, { now: configuration.iat, verifiable: verificationKey });
  return opened;
}

/** Both logs are signed with the log key, each under its own name. */
function logKeyOf(own: EntityConfiguration, log: LogName, epoch: number): NoteKey {
  const exchange = parseVkey(own.log.vkey);
  return log === 'exchange' ? exchange : noteKey(logName(own.id, log, epoch), exchange.type, exchange.publicKey);
}

const pastLogKeysOf = (own: EntityConfiguration, log: LogName, epoch: number): NoteKey[] =>
  own.keys
    .filter(({ use, alg }) => use === 'log' && alg === 'Ed25519')
    .map(({ jwk }) => noteKey(logName(own.id, log, epoch), signatureType.ed25519, Buffer.from(jwk.x, 'base64url')));

/** docs/protocol.md sections 9.2 and 9.4. */
export const logName = (entityId: string, log: LogName, epoch: number): string =>
  `${new URL(entityId).host}/${log === 'exchange' ? 'log' : 'access'}/${epoch}`;
