/** The file of key-encryption keys. It is replaced as a whole; what leaves it is overwritten. */
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';

/** `{ current, keys: [{ id, key, created_at }] }`, each key 32 bytes in base64url: the current one wraps what is new, the others open what is old. */
export interface KekFile {
  current: string;
  keys: { id: string; key: string; created_at: number }[];
}

export function readKekFile(path: string): KekFile {
  const file = JSON.parse(readFileSync(path, 'utf8')) as KekFile;
  if (!file.keys.some(({ id }) => id === file.current)) throw new Error(`${path} names a current key that is not in it`);
  return file;
}

/** @param now seconds since the epoch */
export function addKek(path: string, now: number): void {
  const { keys } = readKekFile(path);
  const id = randomBytes(8).toString('base64url');
  const added = { id, created_at: now, key: randomBytes(32).toString('base64url') };
  replace(path, { current: id, keys: [...keys, added] });
}

/** Every key but the current one goes, for good; their names. */
export function destroyOldKeks(path: string): string[] {
  const { current, keys } = readKekFile(path);
  const old = keys.filter(({ id }) => id !== current);
  if (old.length > 0) replace(path, { current, keys: keys.filter(({ id }) => id === current) });
  return old.map(({ id }) => id);
}

/** At every moment one whole file has the name; the bytes of the one before are overwritten where the file system lets them be. */
function replace(path: string, file: KekFile): void {
  const fresh = `${path}.new`;
  writeFileSync(fresh, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flush: true });
  const before = openSync(path, 'r+');
  try {
    renameSync(fresh, path);
    const { size } = fstatSync(before);
    writeSync(before, Buffer.alloc(size), 0, size, 0);
    fsyncSync(before);
  } finally {
    closeSync(before);
  }
}
