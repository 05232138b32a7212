/** Tells the other parties what this node has signed, until each has taken it in: across restarts, and at once when a partner is back. */

import { digestOf, openDenunciationAnswer, SealError } from '@entente/seal';
import type { AgreementRecord, Store } from '@entente/store';
import type { Logger } from 'pino';
import { type Dial, dial, PeerRefused } from '../federation/dial.js';
import type { TlsIdentity } from '../federation/listener.js';
import { type Backoff, backoff } from '../flow/backoff.js';
import type { Wake } from '../flow/wake.js';
import type { Identity } from '../identity.js';
import type { Directory } from './directory.js';
import { refreshSoon } from './refresh.js';

export interface AgreementTelling extends AsyncDisposable {
  /** The peer was heard from: what waits for it goes at once. */
  heard(peer: string): void;
}

interface Untold {
  /** SHA-256 of the text. */
  document: string;
  agreement: AgreementRecord;
  text: { jws: string } | { act: string };
}

export function startAgreementTelling(deps: {
  store: Pick<Store, 'agreements' | 'agreementsTold' | 'agreementTold' | 'commit'>;
  identity: Identity;
  directory: Directory;
  tls: TlsIdentity;
  wake: Wake;
  logger: Logger;
}): AgreementTelling {
  const { store, identity, directory, logger } = deps;
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const retries = new Map<string, Backoff>();
  const stop = new AbortController();

  /** One at a time per peer; what is asked for meanwhile is done after it. */
  function tell(peer: string): void {
    if (stop.signal.aborted) return;
    if (running.has(peer)) {
      again.add(peer);
      return;
    }
    const done = tellUntold(peer).finally(() => {
      running.delete(peer);
      if (again.delete(peer)) tell(peer);
    });
    running.set(peer, done);
  }
  const tellAll = () => {
    for (const { id } of directory.active()) tell(id);
  };

  async function tellUntold(id: string): Promise<void> {
    try {
      const peer = directory.peer(id);
      const untold = peer?.state === 'active' ? await untoldTo(id) : [];
      if (!peer || untold.length === 0) return;
      const connection = dial(peer, deps.tls);
      try {
        for (const item of untold) await hand(id, connection, item);
      } finally {
        await connection.close();
      }
      retries.delete(id);
    } catch (error) {
      await later(id, error as Error);
    }
  }

  async function later(id: string, error: Error): Promise<void> {
    const retry = retries.get(id) ?? backoff();
    retries.set(id, retry);
    const refused = error instanceof PeerRefused;
    logger[refused ? 'error' : 'warn'](
      { peer: id, reason: error.message, in_ms: retry.next() },
      'an agreement cannot be told; trying again',
    );
    again.add(id);
    await retry.wait(stop.signal);
  }

  /** Texts before acts, and each party's acts in their order: none can be taken in before what it speaks of. */
  async function untoldTo(peer: string): Promise<Untold[]> {
    const [agreements, told] = await Promise.all([store.agreements(), store.agreementsTold()]);
    const known = new Set(told.filter((one) => one.peer === peer).map(({ document }) => document));
    const ours = agreements.filter(({ payload, signedBy }) => {
      const { parties } = payload as { parties: string[] };
      return signedBy.includes(identity.id) && parties.includes(peer);
    });
    const texts = ours.map((agreement) => ({ document: digestOf(agreement.jws), agreement, text: { jws: agreement.jws } }));
    const acts = ours.flatMap((agreement) =>
      agreement.acts
        .filter(({ party }) => party === identity.id)
        .map(({ jwt, digest }) => ({ document: digest, agreement, text: { act: jwt } })),
    );
    return [...texts, ...acts].filter(({ document }) => !known.has(document));
  }

  async function hand(peer: string, connection: Dial, { document, agreement, text }: Untold): Promise<void> {
    const path = 'jws' in text ? '/agreements' : '/agreements/acts';
    const { answer } = (await connection.json('POST', path, text, { signal: stop.signal })) as { answer?: unknown };
    if (typeof answer === 'string') await keepAnswer(peer, agreement, document, answer);
    await store.agreementTold(peer, document);
  }

  /** One that does not verify is as good as none: then the days of grace count. */
  async function keepAnswer(peer: string, { digest: agreement, acts }: AgreementRecord, act: string, jwt: string): Promise<void> {
    try {
      const { iat: _, ...answer } = await openDenunciationAnswer(jwt, { iss: peer, aud: identity.id, findKey: directory.findKey });
      const denounced = acts.some((known) => known.digest === act && known.act === 'denounced');
      if (denounced && answer.denunciation === act) await store.commit({ denunciationAnswers: [{ ...answer, agreement }] });
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      logger.error({ peer, code: error.code }, 'the answer to a denunciation does not verify');
    }
  }

  const off = [deps.wake.on('agreement', tellAll), deps.wake.on('peer', () => refreshSoon(deps, tellAll))];
  tellAll();
  return {
    heard: (peer) => retries.get(peer)?.heard(),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      for (const end of off) end();
      await Promise.all(running.values());
    },
  };
}
