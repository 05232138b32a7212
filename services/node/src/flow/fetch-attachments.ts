/** Fetches from each sender what its releases name, piece by piece; after an interruption it goes on where it was. */

import { openStatement } from '@entente/seal';
import { chunkBytes } from '@entente/seal/node';
import { kindOf, unfold } from '@entente/statement';
import type { Digest, Store } from '@entente/store';
import type { Logger } from 'pino';
import type { ContentKeys } from '../content-keys.js';
import { type Dial, dial } from '../federation/dial.js';
import type { TlsIdentity } from '../federation/listener.js';
import type { Directory } from '../peers/directory.js';
import { timeLimit } from '../time-limit.js';
import type { Attachments } from './attachments.js';
import { allDisclosures } from './disclosures.js';
import { attachmentsIn, type NamedAttachment } from './named-attachments.js';
import type { Step } from './step.js';
import type { Wake } from './wake.js';

export interface FetchDeps {
  store: Pick<
    Store,
    'wantedAttachments' | 'refuseAttachment' | 'attachment' | 'restartAttachment' | 'claim' | 'receivedByDigest' | 'content' | 'commit'
  >;
  attachments: Attachments;
  content: ContentKeys;
  directory: Directory;
  tls: TlsIdentity;
  wake: Wake;
  logger: Logger;
  step: Step;
  limits: { maximumBytes: number; mediaTypes: readonly string[] | undefined };
}

type Wanted = Awaited<ReturnType<Store['wantedAttachments']>>[number];

const AT_ONCE = 100;
const EVERY_MS = 15_000;

export function fetchAttachments(deps: FetchDeps): AsyncDisposable {
  const stop = new AbortController();
  const running = loop();

  async function loop(): Promise<void> {
    while (!stop.signal.aborted) {
      const woken = new AbortController();
      const pause = AbortSignal.any([stop.signal, woken.signal, timeLimit(EVERY_MS)]);
      const came = deps.wake.next('inbox', undefined, pause); // before looking, so that nothing slips between
      await round().catch((error: Error) => deps.logger.warn({ reason: error.message }, 'attachments could not be looked for'));
      await came;
      woken.abort();
    }
  }

  async function round(): Promise<void> {
    for (const wanted of await deps.store.wantedAttachments(AT_ONCE)) {
      if (stop.signal.aborted) return;
      await one(wanted).catch((error: Error) =>
        deps.logger.warn(
          { peer: wanted.from, release: wanted.ref, reason: error.message },
          'an attachment could not be fetched; trying again',
        ),
      );
    }
  }

  async function one(wanted: Wanted): Promise<void> {
    const peer = deps.directory.peer(wanted.from);
    const named = await namedBy(wanted);
    if (peer?.state !== 'active' || named === undefined) return;
    const claim = await deps.store.claim(`attachment ${named.sha256}`);
    if (!claim) return;
    const connection = dial(peer, deps.tls);
    try {
      const code = refusedFor(named) ?? (await pieces(connection, wanted, named));
      if (code !== undefined) await refuse(wanted, code);
    } finally {
      await connection.close();
      await claim[Symbol.asyncDispose]();
    }
  }

  /** What the release says of it: the store knows only its keyed name. */
  async function namedBy({ ref, name }: Wanted): Promise<NamedAttachment | undefined> {
    const record = (await deps.store.receivedByDigest(ref))?.statementRecord;
    const kind = record && kindOf(record.kind, record.ver);
    if (!record || !kind) return undefined;
    const { body } = await openStatement(record.jwt, await allDisclosures(deps, ref), deps.directory.findKey);
    return attachmentsIn(unfold(kind, body)).find(({ sha256 }) => Buffer.compare(deps.attachments.nameOf(sha256), name) === 0);
  }

  function refusedFor({ bytes, media_type }: NamedAttachment): string | undefined {
    if (bytes > deps.limits.maximumBytes) return 'too_large';
    return deps.limits.mediaTypes?.includes(media_type) === false ? 'media_type_mismatch' : undefined;
  }

  /** Undefined when it is whole; else why it was refused. An interruption throws, and what is here stays. */
  async function pieces(
    connection: Dial,
    { jti, name }: Wanted,
    { sha256, bytes, media_type }: NamedAttachment,
  ): Promise<string | undefined> {
    const here = (await deps.store.attachment(name))?.bytes ?? 0;
    if (here > 0) deps.logger.info({ from: here, bytes }, 'an attachment is resumed');
    for (let number = Math.floor(here / chunkBytes); number * chunkBytes < bytes; number++) {
      if (stop.signal.aborted) throw new Error('the node goes down');
      const [from, to] = [number * chunkBytes, Math.min(bytes, (number + 1) * chunkBytes) - 1];
      const piece = await connection.piece(`/releases/${jti}/attachments/${sha256}`, { from, to, of: bytes }, stop.signal);
      if (piece === undefined) return 'attachment_mismatch';
      if (!(await deps.attachments.append(sha256, number, piece, media_type))) return 'media_type_mismatch';
      await deps.step('attachment.piece');
    }
    return (await deps.attachments.finish(sha256)) ? undefined : 'attachment_mismatch';
  }

  async function refuse({ ref, name, from }: Wanted, code: string): Promise<void> {
    await deps.store.restartAttachment(name);
    await deps.store.refuseAttachment(ref, name, code);
    deps.logger.error({ peer: from, release: ref satisfies Digest, code }, 'an attachment is not what its statement says');
    await deps.store.commit({ notices: [{ event: 'attachment.refused', peer: from, release: ref, code }] });
  }

  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}
