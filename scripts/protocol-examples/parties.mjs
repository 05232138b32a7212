// Who speaks in the examples, when, and with which keys. Everybody knows these keys.
import { verificationKey } from '@entente/seal/node';
import { fixedKey } from '../../packages/seal/dist/scripts/fixed-keys.js';

export const sender = 'https://nl-cus.example';
export const recipient = 'https://de-lic.example';
/** To whom the recipient passes on what it got. */
export const third = 'https://qm-cus.example';
export const now = 1772442300; // 2026-03-02T09:05:00Z
export const day = 86_400;

/** Self-signed, its private key thrown away: nobody connects with it. */
export const certificate =
  'MIIBmDCCAUqgAwIBAgIUUJAg9KJT5C4yQt99aRtYH7HBnB0wBQYDK2VwMBkxFzAVBgNVBAMMDm5sLWN1cy5leGFtcGxlMB4XDTI2MTEyMzIzNDk1MVoXDTM2MTEyMDIzNDk1MVow' +
  'GTEXMBUGA1UEAwwObmwtY3VzLmV4YW1wbGUwKjAFBgMrZXADIQAetiyK5b3l1FFnPcsqPkCWlsrmvTFjro1xC8qaefmXuaOBozCBoDAdBgNVHQ4EFgQUECGuhZcF1CrTJMwuobnt' +
  'LWtI88swHwYDVR0jBBgwFoAUECGuhZcF1CrTJMwuobntLWtI88swMQYDVR0RBCowKIYWaHR0cHM6Ly9ubC1jdXMuZXhhbXBsZYIObmwtY3VzLmV4YW1wbGUwHQYDVR0lBBYwFAYI' +
  'KwYBBQUHAwEGCCsGAQUFBwMCMAwGA1UdEwEB/wQCMAAwBQYDK2VwA0EA1rU+1R8e8Vww5z+ZQ1PCAGE9unJjY8i0z6ASmVtewzJE8ohuCZRGz/b6Ceu6skivePBE3H0BK1NVS1df' +
  'U/njBA==';

export const plan = [
  { iss: sender, use: 'federation', name: 'nl-cus federation' },
  { iss: sender, use: 'statement', name: 'nl-cus statement' },
  { iss: sender, use: 'release', name: 'nl-cus release' },
  { iss: sender, use: 'log', name: 'nl-cus log' },
  { iss: recipient, use: 'federation', name: 'de-lic federation' },
  { iss: recipient, use: 'statement', name: 'de-lic statement' },
  { iss: recipient, use: 'release', name: 'de-lic release' },
  { iss: third, use: 'federation', name: 'qm-cus federation' },
].map((row) => ({ ...row, key: fixedKey('Ed25519', row.name) }));
export const keyOf = (iss, use) => plan.find((row) => row.iss === iss && row.use === use).key;
export const records = plan.map(({ iss, use, key }) => key.record(iss, use, { not_before: now - day, not_after: now + 730 * day }));
export const findKey = (iss, kid, use) => {
  const record = records.find((one) => one.iss === iss && one.kid === kid && one.use === use);
  return record && verificationKey(record);
};

export function must(holds, what) {
  if (!holds) throw new Error(`the example does not hold: ${what}`);
}
