import { SealError } from '../errors.js';
import type { EntityConfiguration } from './entity-configuration.js';
import type { Digest, KeyRecord } from './keys.js';

/* A newer configuration for every change of keys: what was published stays, and only ever ends earlier (docs/protocol.md 1). Times are seconds since the epoch. */

/** How long a key goes on to verify what is signed at the moment at which the next one takes over: clocks differ. */
const handingOver = 3600;

/**
 * With a new key, which signs from its `not_before` on; those of the same use end then.
 *
 * @throws SealError key_backdated, key_not_unique
 */
export function withNewKey(before: EntityConfiguration, key: KeyRecord, now: number): EntityConfiguration {
  if (key.not_before < now) throw new SealError('key_backdated', key.kid);
  if (before.keys.some(({ kid }) => kid === key.kid)) throw new SealError('key_not_unique', key.kid);
  const last = key.not_before + handingOver;
  const keys = before.keys.map((old) => (old.use === key.use ? { ...old, not_after: Math.min(old.not_after, last) } : old));
  return { ...before, iat: laterThan(before, now), keys: [...keys, key] };
}

/**
 * With a key that ends now. From `compromised` on others may have signed with it: only what provably existed before then still counts.
 *
 * @throws SealError unknown_key
 */
export function withRevokedKey(
  before: EntityConfiguration,
  { kid, compromised }: { kid: Digest; compromised?: number },
  now: number,
): EntityConfiguration {
  const earlier = (time: number, known = time): number => Math.min(time, known);
  if (!before.keys.some((key) => key.kid === kid)) throw new SealError('unknown_key', kid);
  const keys = before.keys.map((key) =>
    key.kid !== kid
      ? key
      : {
          ...key,
          revoked_at: earlier(now, key.revoked_at),
          ...(compromised === undefined ? {} : { compromised_from: earlier(compromised, key.compromised_from) }),
        },
  );
  return { ...before, iat: laterThan(before, now), keys };
}

const laterThan = ({ iat }: EntityConfiguration, now: number): number => Math.max(now, iat + 1);
