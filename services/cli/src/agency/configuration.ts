import { layout } from './layout.js';
import type { Answers } from './settings.js';

/** What `entente init` decides of a node's configuration; all else has the node's own default. Paths are relative to the file. */
export interface AgencyConfiguration {
  entity_id: string;
  organization: { name: string; country: string; agency_type: string };
  agency: { host: string; port: number };
  federation: { host: string; port: number; public_url: string };
  database: { url_file: string; owner_url_file: string };
  keys: { folder: string };
  kek_file: string;
  token_key_file: string;
  entity_configuration_file: string;
  issuers: { issuer: string; audience: string }[];
  local_issuer?: { issuer: string; key_file: string; audience: string };
  checkpoint_interval_seconds: number;
  merge_delay_seconds: number;
  long_poll_seconds: number;
  log_level: string;
}

/** Name of the local issuer where the configuration gives none. */
export const localIssuerName = 'urn:entente:local';

export function configurationOf(a: Answers): AgencyConfiguration {
  return {
    entity_id: a.entity_id,
    organization: { name: a.name, country: a.country, agency_type: a.agency_type },
    agency: { host: a.agency_host, port: a.agency_port },
    federation: { host: a.federation_host, port: a.federation_port, public_url: a.public_url },
    database: { url_file: layout.databaseUrl, owner_url_file: layout.databaseOwnerUrl },
    keys: { folder: layout.keys },
    kek_file: layout.kek,
    token_key_file: layout.tokenKey,
    entity_configuration_file: layout.entityConfiguration,
    issuers: a.issuer === undefined ? [] : [{ issuer: a.issuer, audience: a.audience }],
    ...(a.trial && { local_issuer: { issuer: localIssuerName, key_file: layout.localIssuerKey, audience: a.audience } }),
    checkpoint_interval_seconds: a.checkpoint_interval_seconds,
    merge_delay_seconds: 3600,
    long_poll_seconds: 50,
    log_level: 'info',
  };
}
