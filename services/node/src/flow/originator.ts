/** Who signed what a partner passes on, and whether he has consented that it comes here. docs/protocol.md sections 2, 5 and 7. */
import type { OnwardConsent } from '@entente/policy';
import { inspectEntityConfiguration, type OpenedRelease, type OpenedStatement, openConsent, SealError, splitCompact } from '@entente/seal';
import { kindOf } from '@entente/statement';
import type { Store } from '@entente/store';
import type { Directory } from '../peers/directory.js';
import type { Renewal } from '../peers/renewal.js';
import { Failed } from './verdict.js';

export interface OriginatorDeps {
  self: string;
  directory: Pick<Directory, 'findKey' | 'peer'>;
  renewal: Pick<Renewal, 'take'>;
  store: Pick<Store, 'receivedOf'>;
}

/**
 * Before the statement is opened: its originator is the sender, or somebody whom our administrators have pinned. A relay's word makes nobody
 * known. Of the configuration that came along only a newer one is taken, and only if the pinned key vouches for it.
 */
export async function knowOriginator(deps: OriginatorDeps, from: string, release: OpenedRelease): Promise<void> {
  const { iss } = splitCompact(release.statement).payload();
  if (iss === from) return;
  const peer = typeof iss === 'string' ? deps.directory.peer(iss) : undefined;
  if (!peer || peer.state === 'removed') throw none('its originator is not known here; an administrator can pin it by its thumbprint');
  if (release.issuer === undefined || release.issuer === peer.configuration) return;
  await asConsent(async () => {
    const { configuration } = inspectEntityConfiguration(release.issuer!);
    if (configuration.id !== peer.id) throw none('the configuration that came along is of another node than the originator');
    if (configuration.iat > peer.configurationIat) await deps.renewal.take(peer, release.issuer!);
  });
}

/** Undefined where the sender is the originator itself. */
export async function consentOf(
  deps: OriginatorDeps,
  from: string,
  release: OpenedRelease,
  statement: OpenedStatement,
): Promise<OnwardConsent | undefined> {
  const { iss, exercise, handling } = statement.claims;
  if (iss === from || (await endsWhatCame(deps, from, statement))) return undefined;
  if (release.consent === undefined || release.issuer === undefined) throw none('no consent of its originator came with it');
  const external = handling.external_originator === true;
  const facts = { originator: iss, target: statement.digest, exercise, external, holder: from, to: deps.self, at: release.iat };
  return await asConsent(() => openConsent(release.consent!, facts, deps.directory.findKey));
}

/** Who passed something on passes on what its originator says of it afterwards: that needs no consent. */
async function endsWhatCame({ store }: OriginatorDeps, from: string, { claims, rel }: OpenedStatement): Promise<boolean> {
  const ends = kindOf(claims.kind, claims.ver)?.ends;
  const target = ends === undefined ? undefined : rel.find(({ type }) => type === ends)?.of;
  return target !== undefined && (await store.receivedOf(target)).some((release) => release.from === from);
}

/** Whatever is wrong with them, it is not the consent that this needs. */
async function asConsent<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SealError) throw none(error.message);
    throw error;
  }
}

const none = (reason: string): Failed => new Failed('no_onward_consent', reason);
