// A process of its own that starts the server in the folder named, says so, and waits to be killed.
import { startServer } from '../src/index.js';

const server = await startServer({ dir: process.argv[2]! });
process.send!({ port: server.port, ownsProcess: server.ownsProcess });
process.on('message', async () => {
  await server.stop();
  process.disconnect();
});
