/** Commits one act, for a test that kills this process in the middle of it. */
import { randomBytes } from 'node:crypto';
import { openStore } from '../src/index.js';
import { issue, peerA } from './acts.js';

const store = await openStore({
  url: process.env.STORE_URL!,
  applicationName: 'crashing-writer',
  now: () => 1_800_000_000,
  random: randomBytes,
});
await store.commit({ ...issue([peerA]), access: [{ actor: 'officer-1', role: 'OFFICER', operation: 'DISCLOSE' }] });
await store[Symbol.asyncDispose]();
