import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

/** Folders of all packages and services, relative to the root. */
export function workspaces(base = root) {
  return ['packages', 'services'].flatMap((parent) => folders(base, parent).map((name) => `${parent}/${name}`));
}

/** Files below a folder whose name ends so, relative to the root, sorted. */
export function filesBelow(folder, ending, base = root) {
  if (!existsSync(join(base, folder))) return [];
  const names = readdirSync(join(base, folder), { recursive: true }).map(String);
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`);
}

export function folders(base, parent) {
  if (!existsSync(join(base, parent))) return [];
  const entries = readdirSync(join(base, parent), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
