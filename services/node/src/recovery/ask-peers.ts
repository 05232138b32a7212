/** Asks every peer what it holds of this node, before anything is signed. docs/protocol.md section 9.5. */
import type { PeerRecord } from '@entente/store';
import { type Dial, dial } from '../federation/dial.js';
import type { TlsIdentity } from '../federation/listener.js';
import { type Standing, type StandingDeps, standingWith } from './standing.js';

export interface Heard {
  standings: Standing[];
  /** Peers that did not answer, each with the reason. */
  silent: { peer: string; reason: string }[];
}

export async function askPeers(deps: StandingDeps & { tls: TlsIdentity }, peers: readonly PeerRecord[]): Promise<Heard> {
  const heard: Heard = { standings: [], silent: [] };
  await Promise.all(
    peers.map(async (peer) => {
      const connection = dial(peer, deps.tls);
      try {
        heard.standings.push(await standingWith(deps, peer.id, connection));
      } catch (error) {
        heard.silent.push({ peer: peer.id, reason: (error as Error).message });
      } finally {
        await connection.close();
      }
    }),
  );
  heard.standings.sort((a, b) => (a.peer < b.peer ? -1 : 1));
  return heard;
}

/** Peers hold what this node has signed and does not know of: whatever it signed now could be a second history. */
export class Outrun extends Error {
  constructor(readonly standings: readonly Standing[]) {
    const who = standings.map(({ peer, unknown }) => `${peer} holds a ${unknown.join(' and a ')} of this node that is not in the database`);
    super(`${who.join('; ')}. The database is older than what its partners hold: run \`entente recover\``);
  }
}

export function refuseOutrun(standings: readonly Standing[]): void {
  const outrun = standings.filter(({ unknown }) => unknown.length > 0);
  if (outrun.length > 0) throw new Outrun(outrun);
}

/** Of a peer that was away when this node started: what it holds is asked before anything of it is received. */
export function outrunBy(deps: StandingDeps, fail: (reason: unknown) => void): (peer: string, connection: Dial) => Promise<void> {
  return async (peer, connection) => {
    // A peer of an earlier version has no word on it.
    const standing = await standingWith(deps, peer, connection).catch(() => undefined);
    if (standing === undefined) return;
    try {
      refuseOutrun([standing]);
    } catch (error) {
      fail(error);
      throw error;
    }
  };
}
