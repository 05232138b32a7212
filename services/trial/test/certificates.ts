/** TLS certificates as an agency makes them, and as nobody should take them. */
import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

export interface TlsPair {
  key: string;
  cert: string;
  /** As an entity configuration lists it. */
  published: { fingerprint: string; pem: string };
}

/** Self-signed, for this entity id, valid from `from` to `to` days from now. */
export async function certificateFor(entityId: string, { from = -1, to = 30 } = {}): Promise<TlsPair> {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const day = (days: number) => new Date(Date.now() + days * 86_400_000);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    name: `CN=${new URL(entityId).host}`, // whoever is looked up by name must find one certificate only
    notBefore: day(from),
    notAfter: day(to),
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: 'url', value: entityId },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const pem = `${certificate.toString('pem')}\n`;
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
  return { key, cert: pem, published: { fingerprint: new X509Certificate(pem).fingerprint256, pem } };
}
