import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Process id of the server in this folder. */
export const postmaster = async (dir: string): Promise<number> =>
  Number((await readFile(join(dir, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
