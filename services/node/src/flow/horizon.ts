/** The erasure horizon: living keys are wrapped anew, and the key over what was erased is destroyed. docs/protocol.md section 10. */
import { createReadStream, createWriteStream, existsSync, renameSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { LivingKey, Store, WrappedKey } from '@entente/store';
import type { Logger } from 'pino';
import { accessEntry } from '../agency/access.js';
import type { Actor, HorizonActs } from '../agency/acts.js';
import { watchRef } from '../agency/watches.js';
import type { ContentKeys } from '../content-keys.js';
import { addKek, destroyOldKeks, readKekFile } from '../kek-file.js';
import { Problem } from '../problem.js';
import { webhookRef } from '../subscriptions/tell.js';
import { refOf } from './attachments.js';
import { shipmentRef } from './declaration.js';
import { nodeActor } from './node-actor.js';
import { subjectRef } from './subject/file.js';

const AT_ONCE = 500;
const DAY = 86_400;

/** What the additional data of each table's ciphertexts are. */
const bound: Readonly<Record<WrappedKey['table'], (name: string) => string>> = {
  content: (ref) => ref,
  draft: (id) => id,
  quarantine: (release) => release,
  shipment: shipmentRef,
  declaration: shipmentRef,
  watch: watchRef,
  webhook: webhookRef,
  attachment: (name) => name,
  subject_request: subjectRef,
};

/** Encrypted once, never changed, and still of use after the restore of a backup. */
const living: readonly LivingKey['table'][] = ['content', 'attachment'];

export interface Horizon extends HorizonActs {
  /** Moves it when the current key is as old as the horizon. */
  moveWhenDue(): Promise<void>;
  /** After a restore: contents and attachments whose key was wrapped anew since the backup get it from where it was kept. */
  adopt(): Promise<void>;
}

export function createHorizon(deps: {
  store: Pick<
    Store,
    'claim' | 'wrappedUnder' | 'rewrap' | 'livingKeys' | 'hasForeignKeys' | 'adoptKeys' | 'lostAttachments' | 'renewAttachment' | 'commit'
  >;
  content: Pick<ContentKeys, 'rewrap' | 'newKey'>;
  kekFile: string;
  horizonDays: number;
  settleSeconds: number;
  now: () => number;
  logger: Logger;
}): Horizon {
  const { store, content, kekFile } = deps;
  /** Wrapped keys of the contents and attachments that were living at the last move: no use without the current key, and no erased one among them. */
  const kept = `${kekFile}.living`;

  async function move(by: Actor): Promise<{ rewrapped: number; destroyed: string[] }> {
    const claim = await store.claim('horizon');
    if (!claim) throw new Problem('conflict', 'it is being moved at this moment');
    try {
      addKek(kekFile, deps.now());
      let rewrapped = await rewrapAll();
      await pause(deps.settleSeconds * 1000);
      rewrapped += await rewrapAll();
      await keepLivingKeys();
      const destroyed = destroyOldKeks(kekFile);
      await store.commit({
        kekDestroyed: destroyed,
        access: [accessEntry(by, 'KEY_USE', { object: destroyed.join(' '), code: 'kek_destroyed' })],
      });
      deps.logger.info({ rewrapped, destroyed }, 'what was erased before now cannot come back from any copy');
      return { rewrapped, destroyed };
    } finally {
      await claim[Symbol.asyncDispose]();
    }
  }

  async function rewrapAll(): Promise<number> {
    const { current, keys } = readKekFile(kekFile);
    const old = keys.filter(({ id }) => id !== current).map(({ id }) => id);
    for (let count = 0; ; ) {
      const found = await store.wrappedUnder(old, AT_ONCE);
      if (found.length === 0) return count;
      await store.rewrap(found.map((key) => ({ ...key, ...content.rewrap(key, bound[key.table](key.name)), was: key.wrappedKey })));
      count += found.length;
    }
  }

  async function keepLivingKeys(): Promise<void> {
    await pipeline(Readable.from(lines()), createWriteStream(`${kept}.new`, { mode: 0o600, flush: true }));
    renameSync(`${kept}.new`, kept);
  }

  async function* lines(): AsyncGenerator<string> {
    for (const table of living)
      for (let after = { born: -1, name: '' }; ; ) {
        const page = await store.livingKeys(table, { after, limit: AT_ONCE });
        if (page.length === 0) break;
        for (const { name, born, wrappedKey, kekId } of page)
          yield `${table} ${name} ${born} ${Buffer.from(wrappedKey).toString('base64url')} ${kekId}\n`;
        after = page.at(-1)!;
      }
  }

  async function adoptKept(known: string[]): Promise<number> {
    let adopted = 0;
    const batches = { content: [] as LivingKey[], attachment: [] as LivingKey[] };
    const take = async (table: LivingKey['table']) => {
      adopted += await store.adoptKeys(table, batches[table], known);
      batches[table] = [];
    };
    for await (const line of createInterface({ input: createReadStream(kept) })) {
      const [table, name = '', born, key = '', kekId = ''] = line.split(' ') as [LivingKey['table'], ...string[]];
      batches[table].push({ table, name, born: Number(born), wrappedKey: Buffer.from(key, 'base64url'), kekId });
      if (batches[table].length === AT_ONCE) await take(table);
    }
    for (const table of living) await take(table);
    return adopted;
  }

  /** What no key opens any more is not here: a recipient fetches it again, if a release that it may use still names it. */
  async function renewLost(known: string[]): Promise<number> {
    for (let renewed = 0; ; ) {
      const lost = await store.lostAttachments(known, AT_ONCE);
      if (lost.length === 0) return renewed;
      for (const name of lost) await store.renewAttachment(name, content.newKey(refOf(name)));
      renewed += lost.length;
    }
  }

  return {
    move,
    moveWhenDue: async () => {
      const { current, keys } = readKekFile(kekFile);
      const since = keys.find(({ id }) => id === current)!.created_at;
      if (keys.length === 1 && deps.now() - since < deps.horizonDays * DAY) return;
      await move(nodeActor);
    },
    adopt: async () => {
      const known = readKekFile(kekFile).keys.map(({ id }) => id);
      if (!(await store.hasForeignKeys(known))) return;
      const adopted = existsSync(kept) ? await adoptKept(known) : 0;
      const lost = await renewLost(known);
      if (adopted + lost > 0) deps.logger.info({ adopted, lost }, 'contents and attachments of a backup were given their present keys');
    },
  };
}
