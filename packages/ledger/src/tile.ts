import { LedgerError } from './error.js';
import { parseDecimal, requireSize } from './number.js';

/** A tile spans this many levels of the tree (C2SP tlog-tiles). */
export const tileHeight = 8;
/** Hashes in a full tile. */
export const tileWidth = 256;

/** One resource of tlog-tiles. `level` is `entries` for a bundle of entries; a partial one has a `width` of 1 to 255. */
export interface TileName {
  level: number | 'entries';
  index: number;
  width?: number;
}

/**
 * Path of a tile below the prefix of its log: index 1234067 at level 0 is `tile/0/x001/x234/067`, and with 8 of its hashes `tile/0/x001/x234/067.p/8`.
 * @throws {LedgerError} `bad_size`
 */
export function tilePath(name: TileName): string {
  requireSize(name.index, 'tile index');
  if (name.level !== 'entries' && !isLevel(name.level)) throw new LedgerError('bad_size', 'a tile level is 0 to 63');
  if (name.width !== undefined && !isPartialWidth(name.width)) throw new LedgerError('bad_size', 'a partial tile holds 1 to 255 hashes');
  const partial = name.width === undefined ? '' : `.p/${name.width}`;
  return `tile/${name.level}/${indexPath(name.index)}${partial}`;
}

/**
 * The inverse of `tilePath`: every tile has one spelling.
 * @throws {LedgerError} `bad_tile_path`
 */
export function parseTilePath(path: string): TileName {
  const found = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  const [, level = '', digits = '', width] = found ?? [];
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index: parseDecimal(digits.replace(/[x/]/g, '').replace(/^0+(?=[0-9])/, '')) ?? -1,
    ...(width === undefined ? {} : { width: Number(width) }),
  };
  if (found === null || name.index < 0 || !isNamed(name, path)) throw new LedgerError('bad_tile_path', 'this is not the path of a tile');
  return name;
}

function isNamed(name: TileName, path: string): boolean {
  const valid = (name.level === 'entries' || isLevel(name.level)) && (name.width === undefined || isPartialWidth(name.width));
  return valid && tilePath(name) === path;
}

function isLevel(level: number): boolean {
  return Number.isInteger(level) && level >= 0 && level <= 63;
}

function isPartialWidth(width: number): boolean {
  return Number.isInteger(width) && width >= 1 && width < tileWidth;
}

function indexPath(index: number): string {
  const elements: string[] = [];
  for (let rest = index; elements.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    const digits = String(rest % 1000).padStart(3, '0');
    elements.unshift(elements.length === 0 ? digits : `x${digits}`);
  }
  return elements.join('/');
}
