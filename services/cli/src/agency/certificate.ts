import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface TlsIdentity {
  /** PKCS #8. */
  keyPem: string;
  certificatePem: string;
}

/** Of a common name (X.520); it is shown to people only, the entity id stands in the SAN. */
const longestName = 64;
/** Clocks of peers may be behind ours by as much as docs/protocol.md section 7 tolerates. */
const allowanceSeconds = 2 * 86_400;

/**
 * A self-signed certificate for both directions (RFC 8705 section 2.2). The SAN URI is the entity id, by which peers know whom they talk
 * to; the DNS name or IP address of the public URL stands beside it for the TLS libraries. `days` from `now` (seconds). No two have the same
 * subject: of several trusted ones of one subject, which a renewal makes, OpenSSL looks at the first only.
 */
export async function makeTlsIdentity(o: { entityId: string; publicUrl: string; now: number; days: number }): Promise<TlsIdentity> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const host = new URL(o.publicUrl).hostname.replace(/^\[|\]$/g, '');
  const certificate = await X509CertificateGenerator.createSelfSigned({
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    name: [{ CN: [new URL(o.entityId).hostname.slice(0, longestName)] }, { '2.5.4.5': [randomUUID()] }],
    notBefore: new Date((o.now - allowanceSeconds) * 1000),
    notAfter: new Date((o.now + o.days * 86400) * 1000),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'url', value: o.entityId },
        { type: isIP(host) ? 'ip' : 'dns', value: host },
      ]),
    ],
  });
  return {
    keyPem: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
    certificatePem: `${certificate.toString('pem')}\n`,
  };
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
