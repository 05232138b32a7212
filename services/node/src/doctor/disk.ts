/** Room on the disks of this machine that the node writes to. The database's own disk is seen only where it is the same machine. */
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { error, type Finding, ok, warning } from './finding.js';

const MIB = 2 ** 20;
const LITTLE = 1024 * MIB;
const TOO_LITTLE = 100 * MIB;

export async function checkDisk(entityConfigurationFile: string): Promise<Finding[]> {
  const folders = [dirname(entityConfigurationFile), tmpdir()];
  return await Promise.all(
    folders.map(async (folder) => {
      const { bavail, bsize } = await statfs(folder);
      const words = `${Math.floor((bavail * bsize) / MIB)} MiB are free at ${folder}`;
      if (bavail * bsize < TOO_LITTLE) return error('disk', words, 'Make room now: at a full disk nothing can be received or released.');
      return bavail * bsize < LITTLE ? warning('disk', words, 'Make room, or give it a larger disk.') : ok('disk', words);
    }),
  );
}
