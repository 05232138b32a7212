/** A machine of the database that is lost, and its synchronous standby that takes over at the same address. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Fault, Storm } from './storm.js';

/**
 * What a synchronous standby has is what the primary has acknowledged: here a copy of the folder, taken when the primary is dead. The nodes
 * are not told; they find the database again by themselves.
 */
export function failOver({ federation, toll, kill, recover }: Storm): Fault[] {
  return [
    {
      name: 'a fail-over of the database',
      strike: async () => {
        const { dir } = federation.postgres;
        await kill();
        const standby = `${dir}-${toll.fail_overs + 1}`;
        await promisify(execFile)('cp', ['-a', dir, standby]);
        await rm(join(standby, 'data', 'postmaster.pid'), { force: true });
        federation.postgres = await recover(standby);
        toll.fail_overs += 1;
        return 'the database of all was lost, and its standby took over';
      },
    },
  ];
}
