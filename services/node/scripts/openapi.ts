/** Writes the OpenAPI document of the agency listener to standard output, from the routes themselves; nothing behind them is needed. */
import { stringify } from 'yaml';
import { type AgencyListenerDeps, agencyListener } from '../src/http/agency-listener.js';

/** Stands where the store and the flows would: describing a route asks nothing of them. */
const nothing = new Proxy({}, { get: (_target, name) => () => Promise.reject(new Error(`${String(name)} is not asked while describing`)) });

const app = await agencyListener({
  config: {
    agency: { host: '127.0.0.1', port: 0 },
    limits: { body_bytes: 1_048_576, declaration_bytes: 8_388_608, requests_per_minute: 6000 },
    classification: { ceiling: 'RESTRICTED' },
    exercise: false,
    merge_delay_seconds: 3600,
    clock_tolerance_seconds: 30,
    webhooks: { private_addresses: false, give_up_days: 3 },
    witnessing: { quorum: 0, neutral: [] },
  },
  logger: false,
  issuers: [],
  now: () => 0,
  ...Object.fromEntries(
    [
      'self',
      'store',
      'content',
      'findKey',
      'news',
      'issue',
      'consents',
      'attachments',
      'drafts',
      'declarations',
      'receive',
      'deliver',
      'peers',
      'agreements',
      'checkpoints',
    ].map((name) => [name, nothing]),
  ),
} as unknown as AgencyListenerDeps);
process.stdout.write(stringify(app.swagger(), { lineWidth: 140, aliasDuplicateObjects: false }));
await app.close();
