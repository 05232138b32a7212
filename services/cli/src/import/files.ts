import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../failure.js';

/** The files that are named, and the .xml files of the folders that are named, in the order of their names: an amendment comes after what it amends. */
export async function declarationFiles(paths: string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(filesAt));
  return found.flat();
}

async function filesAt(path: string): Promise<string[]> {
  const there = await stat(path).catch(() => undefined);
  if (!there) throw new CliError('file_missing', `there is nothing at ${path}`, 'Check the path.', { file: path });
  if (!there.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.xml'))
    .map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0)
    throw new CliError('file_missing', `there is no .xml file in ${path}`, 'Name the files themselves if they end otherwise.', {
      file: path,
    });
  return files.sort();
}
