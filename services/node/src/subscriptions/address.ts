/** Where webhooks may be sent: an address is judged when it is handed in, and again each time that its name is resolved. */
import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export interface AddressPolicy {
  /** The agency's own systems have addresses of private networks: only where the configuration says so. */
  privateAddresses: boolean;
}

/** Nothing of ours: link-local (cloud metadata among it), this network, multicast, reserved, documentation. RFC 6890. */
const never = listOf('0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3', [
  '::/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001:db8::/32',
]);
const inPrivateUse = listOf('10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16', ['fc00::/7']);
const thisMachine = listOf('127.0.0.0/8', ['::1/128']);

function listOf(ipv4: string, ipv6: string[]): BlockList {
  const list = new BlockList();
  for (const range of ipv4.split(' ')) {
    const [network, bits] = range.split('/') as [string, string];
    list.addSubnet(network, Number(bits), 'ipv4');
  }
  for (const range of ipv6) {
    const [network, bits] = range.split('/') as [string, string];
    list.addSubnet(network, Number(bits), 'ipv6');
  }
  return list;
}

const isIn = (list: BlockList, address: string): boolean => {
  // An IPv4 address in IPv6 clothes is the IPv4 address; BlockList knows that.
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return list.check(address, family);
};

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
const isThisMachine = (host: string): boolean => host === 'localhost' || (isIP(host) !== 0 && isIn(thisMachine, host));

/** Undefined when nothing may be sent there, with the reason in words otherwise. */
export function refusalOfAddress(address: string, policy: AddressPolicy, loopback: boolean): string | undefined {
  if (isIP(address) === 0 || isIn(never, address)) return 'an address of no use or of this link only';
  if (isIn(thisMachine, address)) return loopback ? undefined : 'an address of this machine behind another name';
  if (isIn(inPrivateUse, address) && !policy.privateAddresses) return 'an address of a private network';
  return undefined;
}

/** Why nothing is sent to this URL, in words; undefined when it may be. A name is judged again when it is resolved. */
export function refusalOfUrl(text: string, policy: AddressPolicy): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  const host = hostOf(url);
  const loopback = isThisMachine(host);
  if (url.protocol !== 'https:' && !(loopback && url.protocol === 'http:')) return 'should be https; http to this machine only';
  if (url.username || url.password || url.hash) return 'should have neither user nor fragment';
  const refused = isIP(host) === 0 ? undefined : refusalOfAddress(host, policy, loopback);
  return refused && `names ${refused}`;
}

/** Resolves a name to addresses that may be used; if one of them may not, none is. */
export function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const refused = addresses.map(({ address }) => refusalOfAddress(address, policy, isThisMachine(hostname))).find(Boolean);
      if (refused || addresses.length === 0)
        return callback(Object.assign(new Error(`the name leads to ${refused}`), { code: 'EADDRREFUSED' }), '', 0);
      if (options.all) return callback(null, addresses);
      callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
