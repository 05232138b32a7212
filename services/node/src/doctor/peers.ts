/** Each partner, as the node would call it: does it answer under its pinned certificate, who does it say that it is, what does its clock say. */
import { inspectEntityConfiguration } from '@entente/seal';
import type { PeerRecord } from '@entente/store';
import { type Dial, dial, PeerRefused } from '../federation/dial.js';
import type { Identity } from '../identity.js';
import { type Finding, ok, warning } from './finding.js';

/** Beyond it, times that nodes sign begin to look wrong to each other; order never depends on them. */
const CLOCK_TOLERANCE = 60;
/** A date in a header has whole seconds, and the answer took its time. */
const HEADER_ROUNDING = 2;

export interface PeerFindings {
  findings: Finding[];
  /** Seconds by which the partner's clock is ahead of this machine's. */
  ahead?: number;
}

export async function checkPeer(peer: PeerRecord, own: Pick<Identity, 'tls' | 'configuration'>, now: () => number): Promise<PeerFindings> {
  const connection = dial(peer, own.tls);
  try {
    const before = now();
    const { text, date } = await connection.dated('/configuration');
    const ahead = date === undefined ? undefined : date - (before + now()) / 2;
    const { configuration, kid } = inspectEntityConfiguration(text.trim());
    const same = configuration.id === peer.id && kid === peer.thumbprint;
    const findings = same
      ? [ok('peer', `${peer.id} answers under its pinned certificate, and its configuration is signed by the pinned key`)]
      : [
          warning(
            'peer',
            `${peer.id} shows a configuration that another key has signed`,
            'Ask that agency, by telephone, whether it has rolled its key over, and pin it again: `entente peer add`.',
          ),
        ];
    findings.push(...(await behind(peer.id, own.configuration, connection)));
    return { findings, ...(ahead !== undefined && { ahead }) };
  } catch (cause) {
    return { findings: [unreachable(peer, cause as Error)] };
  } finally {
    await connection.close();
  }
}

/** A partner that holds an older configuration does not know a new certificate, key or log. */
async function behind(peer: string, configuration: string, connection: Dial): Promise<Finding[]> {
  const held = (await connection.json('GET', '/held')) as { configuration_iat?: unknown };
  const { iat } = inspectEntityConfiguration(configuration).configuration;
  if (typeof held.configuration_iat !== 'number' || held.configuration_iat >= iat) return [];
  return [
    warning(
      'configuration',
      `${peer} has not yet fetched this node's entity configuration of ${new Date(iat * 1000).toISOString().slice(0, 16)}Z`,
      'It does so when it connects again after a restart of this node. If it stays so, send it the file, to be added again with `entente peer add`.',
    ),
  ];
}

function unreachable({ id, federationUrl }: PeerRecord, cause: Error): Finding {
  if (cause instanceof PeerRefused)
    return warning(
      'peer',
      `${id} answers, and refuses (${cause.status} ${cause.code})`,
      'Ask its administrator whether this agency is pinned there, active, and with the present configuration.',
    );
  const pinned = /did not publish|self-signed|certificate/.test(cause.message);
  return warning(
    'peer',
    `${id} cannot be reached at ${federationUrl}: ${cause.message}`,
    pinned
      ? 'It shows another certificate than the one it had published. Ask that agency for its present configuration, and add it again: `entente peer add`.'
      : 'Look at the network and at the firewall on both sides; ask its administrator whether the node is up.',
  );
}

/** This machine's clock against most of its partners'. One partner that is alone with its time has a wrong clock of its own. */
export function judgeClock(aheads: readonly { peer: string; ahead: number }[]): Finding[] {
  const off = aheads.filter(({ ahead }) => Math.abs(ahead) > CLOCK_TOLERANCE + HEADER_ROUNDING);
  if (off.length === 0) return aheads.length > 0 ? [ok('clock', `the clock agrees with ${aheads.length} partners`)] : [];
  const seconds = ({ ahead }: { ahead: number }) => `${Math.round(Math.abs(ahead))} s ${ahead > 0 ? 'ahead' : 'behind'}`;
  if (off.length > aheads.length / 2)
    return [
      warning(
        'clock',
        `this machine's clock differs from those of most partners: ${off.map((one) => `${one.peer} is ${seconds(one)}`).join(', ')}`,
        'Let it be set by NTP: what this node signs carries its time.',
      ),
    ];
  return off.map((one) => warning('clock', `the clock of ${one.peer} is ${seconds(one)} of this machine's`, 'Tell that agency.'));
}
