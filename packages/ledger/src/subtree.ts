import { LedgerError } from './error.js';
import { foldRight, nodeHash, requireHash } from './hash.js';
import { heights } from './number.js';
import { tileHeight, tileWidth } from './tile.js';

/**
 * Reads stored hashes: `count` neighbours from `index` on, of one tile level. Level 0 are the leaf hashes; hash `i` of level `L` is the root of the full subtree
 * over the leaves `i * 256^L` to `(i + 1) * 256^L - 1`. A call never leaves one tile, so `count` is at most 256.
 */
export type ReadHashes = (level: number, index: number, count: number) => Promise<Uint8Array[]>;

/** Leaves `begin` to `end - 1`, as RFC 6962 splits them: `begin` is a multiple of the smallest power of two that is not less than their number. */
export interface Range {
  begin: number;
  end: number;
}

/** Hashes of one tile level that make up one full subtree. */
interface Span {
  level: number;
  first: number;
  count: number;
}

/** Hashes of one tile, from the first to the last that is needed. */
interface Window extends Span {
  hashes: Uint8Array[];
}

/**
 * Roots of ranges of leaves. Each tile is read at most once, whatever is needed of it, and all tiles at the same time.
 * @throws {LedgerError} `missing_hashes`, `bad_hash`
 */
export async function rangeRoots(ranges: readonly Range[], read: ReadHashes): Promise<Uint8Array[]> {
  const spans = ranges.map(spansOf);
  const windows = await readWindows(spans.flat(), read);
  return spans.map((parts) => foldRight(parts.map((span) => spanRoot(span, windows))));
}

function spansOf(range: Range): Span[] {
  let begin = range.begin;
  return heights(range.end - range.begin).map((height) => {
    const level = Math.floor(height / tileHeight);
    const first = begin / tileWidth ** level;
    begin += 2 ** height;
    return { level, first, count: 2 ** (height % tileHeight) };
  });
}

function tileOf(span: Span): string {
  return `${span.level}/${Math.floor(span.first / tileWidth)}`;
}

async function readWindows(spans: readonly Span[], read: ReadHashes): Promise<Map<string, Window>> {
  const windows = new Map<string, Window>();
  for (const span of spans) {
    const known = windows.get(tileOf(span)) ?? { ...span, hashes: [] };
    const first = Math.min(known.first, span.first);
    const end = Math.max(known.first + known.count, span.first + span.count);
    windows.set(tileOf(span), { ...known, first, count: end - first });
  }
  await Promise.all(
    [...windows.values()].map(async (window) => {
      window.hashes = await read(window.level, window.first, window.count);
      if (window.hashes.length !== window.count) {
        throw new LedgerError('missing_hashes', `level ${window.level} lacks hashes from ${window.first} on`);
      }
      window.hashes.forEach(requireHash);
    }),
  );
  return windows;
}

function spanRoot(span: Span, windows: ReadonlyMap<string, Window>): Uint8Array {
  const window = windows.get(tileOf(span))!;
  let layer = window.hashes.slice(span.first - window.first, span.first - window.first + span.count);
  while (layer.length > 1) layer = pairUp(layer);
  return layer[0]!;
}

function pairUp(layer: readonly Uint8Array[]): Uint8Array[] {
  return Array.from({ length: layer.length / 2 }, (_, i) => nodeHash(layer[2 * i]!, layer[2 * i + 1]!));
}
