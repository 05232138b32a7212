/** Which attachments a body names, and what the store is told of them. */
import type { Act, Digest, Store } from '@entente/store';
import type { ContentKeys } from '../content-keys.js';
import { Problem } from '../problem.js';
import { refOf } from './attachments.js';

export interface NamedAttachment {
  id: string;
  sha256: Digest;
  media_type: string;
  bytes: number;
  title: string;
  data_class: string;
  caveat?: string;
}

/** The body was validated, or its disclosures were. */
export const attachmentsIn = (body: Readonly<Record<string, unknown>>): NamedAttachment[] =>
  Array.isArray(body.attachments) ? (body.attachments as NamedAttachment[]) : [];

/** A row per content and attachment; the key is drawn here for one that is not in the store yet. */
export function attachmentUses(
  content: Pick<ContentKeys, 'fingerprint' | 'newKey'>,
  ref: Digest,
  body: Readonly<Record<string, unknown>>,
): NonNullable<Act['attachmentUses']> {
  return attachmentsIn(body).map(({ sha256, bytes }) => {
    const name = content.fingerprint(Buffer.from(sha256, 'base64url'));
    return { ref, name, bytes, key: content.newKey(refOf(name)) };
  });
}

/** A statement names only what is here: its recipients will ask for the bytes. Throws `attachment_missing`. */
export async function assertAttached(
  { store, content }: { store: Pick<Store, 'attachment'>; content: Pick<ContentKeys, 'fingerprint'> },
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const { id, sha256, bytes } of attachmentsIn(body)) {
    const held = await store.attachment(content.fingerprint(Buffer.from(sha256, 'base64url')));
    if (held?.state !== 'complete' || held.bytes !== bytes)
      throw new Problem('attachment_missing', `the bytes of attachment ${id} are not here, or are not ${bytes}`);
  }
}
