/** What originators have consented to, as far as this node holds it: looked up by what it is about, opened and verified anew. */
import { type OnwardConsent, Refusal, readConsent } from '@entente/policy';
import type { OpenedStatement } from '@entente/seal';
import type { Handling } from '@entente/statement';
import type { Digest, StatementRecord, Store } from '@entente/store';
import type { ContentKeys } from '../content-keys.js';
import type { Identity } from '../identity.js';
import type { Directory } from '../peers/directory.js';
import { heldTexts } from './disclosures.js';
import { openHeld } from './open-held.js';

/** More decisions on one statement than an officer gives. */
const MOST = 1000;

export interface FoundConsent {
  consent: OnwardConsent;
  opened: OpenedStatement;
}

export interface Consents {
  /** The latest consent of the originator that lets this node pass the statement on to `to` now; or why there is none. */
  find(target: StatementRecord, to: string): Promise<FoundConsent | Refusal>;
  withdrawn(consent: Digest): Promise<boolean>;
  /** Decisions of the originator on a request or statement, or withdrawals of a consent, the latest first. */
  decisionsOn(of: Digest, originator: string): Promise<StatementRecord[]>;
  open(record: StatementRecord): Promise<OpenedStatement>;
}

export interface ConsentDeps {
  store: Pick<Store, 'bearing' | 'content' | 'contentRefs' | 'receivedByDigest'>;
  content: ContentKeys;
  identity: Pick<Identity, 'id'>;
  directory: Pick<Directory, 'findKey'>;
  now: () => number;
}

export function createConsents(deps: ConsentDeps): Consents {
  const { store, content, identity, directory, now } = deps;

  async function decisionsOn(of: Digest, originator: string): Promise<StatementRecord[]> {
    const bearing = await store.bearing(content.token('rel', of), MOST);
    return bearing.filter(({ kind, iss }) => kind === 'consent' && iss === originator).reverse();
  }

  async function open(record: StatementRecord): Promise<OpenedStatement> {
    return openHeld(record, await heldTexts(deps, record.digest), directory.findKey);
  }

  async function withdrawn(consent: Digest): Promise<boolean> {
    return (await store.bearing(content.token('rel', consent), MOST)).some(
      (record) => record.kind === 'consent' && supersedes(record, consent),
    );
  }

  async function find(target: StatementRecord, to: string): Promise<FoundConsent | Refusal> {
    const external = (target.claims as { handling?: Handling }).handling?.external_originator === true;
    const facts = {
      originator: target.iss,
      target: target.digest,
      exercise: target.exercise,
      external,
      holder: identity.id,
      to,
      at: now(),
    };
    let latest: Refusal | undefined;
    for (const record of await decisionsOn(target.digest, target.iss)) {
      const opened = await open(record);
      const consent = readConsent(opened, facts);
      if (consent instanceof Refusal) latest ??= consent;
      else if (await withdrawn(record.digest)) latest ??= new Refusal('consent_withdrawn', { from: target.iss, to });
      else return { consent, opened };
    }
    return latest ?? new Refusal('consent_missing', { from: target.iss, to });
  }

  return { find, withdrawn, decisionsOn, open };
}

/** An open relation: everybody who holds the withdrawal sees it. */
export function supersedes({ claims }: StatementRecord, digest: Digest): boolean {
  const { rel } = claims as { rel?: { type?: string; of?: string }[] };
  return (rel ?? []).some(({ type, of }) => type === 'supersedes' && of === digest);
}
