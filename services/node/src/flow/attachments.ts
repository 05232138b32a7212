/** Bytes that statements name by their SHA-256: taken in, kept in encrypted chunks, given out. Never more than a chunk of one in memory. */
import { createHash, type Hash } from 'node:crypto';
import { chunkBytes, openChunk, sealChunk } from '@entente/seal/node';
import { looksLike } from '@entente/statement';
import type { Digest, Store } from '@entente/store';
import type { ContentKeys } from '../content-keys.js';
import { Problem } from '../problem.js';

export interface Attachments {
  /** How the store knows it. */
  nameOf(sha256: Digest): Uint8Array;
  /** Takes it in whole; `announced` are the bytes that the sender says will come, 0 if it does not. 422 `attachment_mismatch`, `media_type_mismatch`, 413 `too_large`, 409 `conflict`; then nothing is kept. */
  put(request: { sha256: Digest; mediaType: string; announced: number; body: AsyncIterable<Uint8Array> }): Promise<{ bytes: number }>;
  /** Whether all of it is here. */
  isHere(sha256: Digest): Promise<boolean>;
  /** The bytes from `from` to `to`, inclusive, of what is here. */
  read(sha256: Digest, range: { from: number; to: number }): AsyncGenerator<Uint8Array>;
  /** Adds the chunk `number`; the first must look like its type. False: it does not. */
  append(sha256: Digest, number: number, bytes: Uint8Array, mediaType: string): Promise<boolean>;
  /** Completes it if what is stored is what it should be. False: it is not, and all of it was destroyed. */
  finish(sha256: Digest): Promise<boolean>;
}

export interface AttachmentDeps {
  store: Pick<Store, 'attachment' | 'beginAttachment' | 'restartAttachment' | 'appendChunk' | 'chunk' | 'completeAttachment' | 'claim'>;
  content: ContentKeys;
  random: (bytes: number) => Uint8Array;
  limits: { maximumBytes: number; mediaTypes: readonly string[] | undefined };
}

/** How much of the beginning is looked at to tell the type. */
const START_BYTES = 4096;

export function createAttachments(deps: AttachmentDeps): Attachments {
  const { store, content, random, limits } = deps;
  const nameOf = (sha256: Digest): Uint8Array => content.fingerprint(Buffer.from(sha256, 'base64url'));

  async function put({ sha256, mediaType, announced, body }: Parameters<Attachments['put']>[0]): Promise<{ bytes: number }> {
    if (limits.mediaTypes !== undefined && !limits.mediaTypes.includes(mediaType))
      throw new Problem('media_type_mismatch', `this node takes no attachments of the type ${mediaType}`);
    if (announced > limits.maximumBytes) throw tooLarge(limits.maximumBytes);
    const name = nameOf(sha256);
    const claim = await store.claim(`attachment ${sha256}`);
    if (!claim) throw new Problem('conflict', 'this attachment is being taken in already');
    try {
      await store.beginAttachment(name, content.newKey(refOf(name)));
      const held = await store.attachment(name);
      if (held?.state === 'complete') return { bytes: held.bytes };
      await store.restartAttachment(name);
      return { bytes: await takeIn(sha256, mediaType, body) };
    } catch (error) {
      await store.restartAttachment(name);
      throw error;
    } finally {
      await claim[Symbol.asyncDispose]();
    }
  }

  async function takeIn(sha256: Digest, mediaType: string, body: AsyncIterable<Uint8Array>): Promise<number> {
    const hash = createHash('sha256');
    let [number, bytes] = [0, 0];
    for await (const chunk of chunksOf(body)) {
      bytes += chunk.length;
      if (bytes > limits.maximumBytes) throw tooLarge(limits.maximumBytes);
      hash.update(chunk);
      if (!(await append(sha256, number, chunk, mediaType)))
        throw new Problem('media_type_mismatch', `these bytes are not of the type ${mediaType}, or it is none that is exchanged`);
      number += 1;
    }
    if (bytes === 0 || digestIn(hash) !== sha256)
      throw new Problem('attachment_mismatch', 'the bytes have another SHA-256 than the address says');
    await store.completeAttachment(nameOf(sha256));
    return bytes;
  }

  async function append(sha256: Digest, number: number, bytes: Uint8Array, mediaType: string): Promise<boolean> {
    if (number === 0 && !looksLike(mediaType, bytes.subarray(0, START_BYTES))) return false;
    const ciphertext = sealChunk(bytes, await keyOf(sha256), random, sha256, number);
    await store.appendChunk(nameOf(sha256), { number, ciphertext, bytes: bytes.length });
    return true;
  }

  async function finish(sha256: Digest): Promise<boolean> {
    const held = await store.attachment(nameOf(sha256));
    if (held === undefined) return false;
    const hash = createHash('sha256');
    for await (const chunk of read(sha256, { from: 0, to: held.bytes - 1 })) hash.update(chunk);
    if (digestIn(hash) === sha256) await store.completeAttachment(nameOf(sha256));
    else await store.restartAttachment(nameOf(sha256));
    return (await store.attachment(nameOf(sha256)))?.state === 'complete';
  }

  async function keyOf(sha256: Digest): Promise<Uint8Array> {
    const held = await store.attachment(nameOf(sha256));
    if (held === undefined) throw new Problem('not_found', 'there is no such attachment here');
    return content.openKey(held.key, refOf(nameOf(sha256)));
  }

  async function* read(sha256: Digest, { from, to }: { from: number; to: number }): AsyncGenerator<Uint8Array> {
    const key = await keyOf(sha256);
    for (let number = Math.floor(from / chunkBytes); number * chunkBytes <= to; number++) {
      const sealed = await store.chunk(nameOf(sha256), number);
      if (sealed === undefined) return;
      const start = number * chunkBytes;
      yield openChunk(sealed, key, sha256, number).subarray(Math.max(0, from - start), to + 1 - start);
    }
  }

  return { nameOf, put, read, append, finish, isHere: async (sha256) => (await store.attachment(nameOf(sha256)))?.state === 'complete' };
}

/** What its wrapped key is bound to: all that the store knows of it. */
export const refOf = (name: Uint8Array): string => Buffer.from(name).toString('base64url');

const tooLarge = (most: number): Problem => new Problem('too_large', `an attachment has at most ${most} bytes here`);

const digestIn = (hash: Hash): Digest => hash.digest('base64url');

/** The stream cut anew, into chunks of one size but for the last. */
async function* chunksOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (let part of stream) {
    while (length + part.length >= chunkBytes) {
      const taken = part.subarray(0, chunkBytes - length);
      yield Buffer.concat([...parts, taken]);
      part = part.subarray(taken.length);
      [parts, length] = [[], 0];
    }
    if (part.length > 0) {
      parts.push(Buffer.from(part));
      length += part.length;
    }
  }
  if (length > 0) yield Buffer.concat(parts);
}
