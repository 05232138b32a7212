/** Who connects again and again, or never says anything, costs this node little: before TLS, which is dear. */
import type { Server, Socket } from 'node:net';
import { paceOf } from '../http/pace.js';

/** Of one address; a partner keeps two or three. */
const OPEN_AT_ONCE = 256;
/** A second of flood in a minute's allowance. */
const BURST = 200;

/** Silent: what an attacker is told, he can use. Works upon connections as they come, so that they are gone before a handshake. */
export function limitConnections(server: Server, perMinute: number, refused: (cause: string) => void): void {
  const pace = paceOf({ perMinute, burst: Math.min(perMinute, BURST) });
  const open = new Map<string, number>();
  server.prependListener('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? 'unknown';
    const already = open.get(address) ?? 0;
    if (already >= OPEN_AT_ONCE || pace.take(address) > 0) {
      refused('too_many_connections');
      socket.resetAndDestroy();
      return;
    }
    open.set(address, already + 1);
    socket.once('close', () => {
      const left = open.get(address)! - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}
