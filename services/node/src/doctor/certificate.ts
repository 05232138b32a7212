/** The TLS certificate and its key, against what this node publishes and where partners dial it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { inspectEntityConfiguration } from '@entente/seal';
import type { Config } from '../config/schema.js';
import type { Identity } from '../identity.js';
import { error, type Finding, ok } from './finding.js';

const renew = 'Make a new one: `entente keys renew-tls`.';

export function checkCertificate(
  config: Pick<Config, 'entity_id' | 'federation'>,
  identity: Pick<Identity, 'configuration' | 'tls'>,
): Finding[] {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(identity.tls.certificate);
  } catch {
    return [error('certificate', 'tls.cert.pem is no certificate', renew)];
  }
  const published = inspectEntityConfiguration(identity.configuration).configuration.certificates;
  const host = new URL(config.federation.public_url).hostname.replace(/^\[|\]$/g, '');
  const names = (certificate.subjectAltName ?? '').split(', ');
  const found = [
    ...(matches(certificate, identity.tls.key) ? [] : [error('certificate', 'tls.key.pem is not the key of tls.cert.pem', renew)]),
    ...(names.includes(`URI:${config.entity_id}`)
      ? []
      : [error('certificate', `the certificate does not name ${config.entity_id}: partners refuse it`, renew)]),
    ...(names.includes(`${isIP(host) ? 'IP Address' : 'DNS'}:${host}`)
      ? []
      : [error('certificate', `the certificate does not name ${host}, where federation.public_url says that partners dial`, renew)]),
    ...(published.some(({ fingerprint }) => fingerprint === certificate.fingerprint256)
      ? []
      : [
          error(
            'certificate',
            'the certificate that this node shows is not in its entity configuration: partners refuse it',
            'Put back the pair of files that is published, or publish a new one: `entente keys renew-tls`.',
          ),
        ]),
  ];
  return found.length > 0 ? found : [ok('certificate', 'certificate, key, names and what is published fit together')];
}

function matches(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
