import type { Server } from 'node:http';

/** As long as a container that is told to stop is commonly given, less what else must end. */
const GRACE_MS = 5_000;

/** Takes nothing new and lets what is under way come to its end; what still sends or reads after the grace is cut, and comes again. */
export async function closeInOrder(app: { server: Pick<Server, 'closeAllConnections'>; close(): PromiseLike<unknown> }): Promise<void> {
  const grace = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(grace);
  }
}
