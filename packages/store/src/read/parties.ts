import { and, asc, eq, getTableColumns } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { OwnKeyWrite } from '../act.js';
import type { Parties } from '../store.js';
import { ownKey, peer, peerCertificate, peerConfiguration, peerKey } from '../tables/party.js';
import { present } from './present.js';

const keyRecord = (row: typeof ownKey.$inferSelect): OwnKeyWrite => present(row);

export function readParties(db: NodePgDatabase): Pick<Parties, 'peers' | 'ownKeys'> {
  return {
    peers: async () => {
      const [rows, keys, certificates] = await Promise.all([
        db
          .select({ ...getTableColumns(peer), jwt: peerConfiguration.jwt })
          .from(peer)
          .innerJoin(peerConfiguration, and(eq(peerConfiguration.peer, peer.id), eq(peerConfiguration.digest, peer.configuration)))
          .orderBy(asc(peer.id)),
        db.select().from(peerKey).orderBy(asc(peerKey.notBefore), asc(peerKey.kid)),
        db.select().from(peerCertificate).where(eq(peerCertificate.current, true)).orderBy(asc(peerCertificate.fingerprint)),
      ]);
      return rows.map(({ jwt, ...row }) => ({
        ...row,
        configuration: jwt,
        keys: keys.filter((key) => key.peer === row.id).map(({ peer: _peer, ...key }) => keyRecord(key)),
        certificates: certificates.filter((c) => c.peer === row.id).map(({ fingerprint, pem }) => ({ fingerprint, pem })),
      }));
    },
    ownKeys: async () => (await db.select().from(ownKey).orderBy(asc(ownKey.notBefore), asc(ownKey.kid))).map(keyRecord),
  };
}
