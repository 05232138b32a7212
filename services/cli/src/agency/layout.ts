/** Where things lie in an agency's folder. Paths are relative to it, as they stand in the configuration. */
export const layout = {
  configuration: 'entente.json',
  entityConfiguration: 'entity-configuration.jwt',
  readme: 'README.md',
  keys: 'secrets/keys',
  tlsKey: 'secrets/keys/tls.key.pem',
  tlsCertificate: 'secrets/keys/tls.cert.pem',
  kek: 'secrets/kek.json',
  tokenKey: 'secrets/token.key',
  databaseUrl: 'secrets/database.url',
  databaseOwnerUrl: 'secrets/database-owner.url',
  localIssuerKey: 'secrets/local-issuer.json',
  nextFederationKey: 'offline/next-federation.json',
} as const;

/** Folders that nobody but the owner may enter, outer ones first. */
export const privateFolders = ['secrets', 'secrets/keys', 'offline'] as const;

export function keyPath(purpose: string): string {
  return `${layout.keys}/${purpose}.json`;
}
