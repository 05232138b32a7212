/** The latest backup of each agency, taken while it works. */
import { join } from 'node:path';
import type { Federation } from '../federation.js';
import { nodeCommand } from '../lost-database.js';

export interface Backups {
  /** Folder of the one to go back to. */
  of(name: string): string;
  take(name: string): Promise<void>;
  takeAll(): Promise<void>;
}

/** All of them once, to begin with. */
export async function backupsIn(folder: string, federation: Federation): Promise<Backups> {
  const latest = new Map<string, string>();
  let made = 0;

  async function take(name: string): Promise<void> {
    made += 1;
    const to = join(folder, `${name}-${made}`);
    await nodeCommand(federation.member(name), ['backup', '--folder', to]);
    latest.set(name, to);
  }
  const takeAll = async () => {
    for (const { agency } of federation.members) await take(agency.name);
  };
  await takeAll();
  return { of: (name) => latest.get(name)!, take, takeAll };
}
