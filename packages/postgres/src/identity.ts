import { lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresError } from './error.js';
import { type Identity, run } from './run.js';

/**
 * The identity that PostgreSQL runs under. It refuses to run as root, so root finds it another one:
 * 1. whoever the folder belongs to already, if not root;
 * 2. a user namespace in which root is called nobody: works below /root and needs no change of ownership;
 * 3. the user `postgres` or `nobody`, if possible with the capability to walk through folders such as /root.
 * A way counts only if the server's program really runs by it and reaches the folder.
 */
export async function identityFor(dir: string, program: string): Promise<Identity> {
  const self: Identity = { uid: process.getuid!(), gid: process.getgid!(), prefix: [] };
  if (self.uid !== 0) return self;
  const refusals: string[] = [];
  for (const identity of await identitiesForRoot(dir, self)) {
    await giveFolder(dir, identity);
    const probe = await run(identity, '/bin/sh', ['-c', 'test -w "$0" && exec "$1" --version', dir, program]);
    if (probe.ok) return identity;
    refusals.push(`${identity.prefix[0] ?? 'setuid'} ${identity.uid}: ${probe.output}`);
  }
  throw new PostgresError(
    'needs_plain_user',
    `PostgreSQL does not run as root, and no way was found to run it as another user in ${dir}. Start this as a plain user. (${refusals.join('; ')})`,
  );
}

async function identitiesForRoot(dir: string, root: Identity): Promise<Identity[]> {
  const { uid, gid } = await lstat(dir);
  const owner = uid === 0 ? [] : otherUser(uid, gid);
  const namespace = { ...root, prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534'] };
  return [...owner, namespace, ...(await named('postgres', root)), ...(await named('nobody', root))];
}

async function named(name: string, root: Identity): Promise<Identity[]> {
  const ids = await Promise.all([run(root, 'id', ['-u', name]), run(root, 'id', ['-g', name])]);
  return ids.every((id) => id.ok) ? otherUser(Number(ids[0].output), Number(ids[1].output)) : [];
}

function otherUser(uid: number, gid: number): Identity[] {
  const capability = '+dac_override';
  const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--inh-caps', capability, '--ambient-caps', capability];
  // Node takes the ids as signed: nobody of macOS is -2.
  return [
    { uid, gid, prefix },
    { uid: uid | 0, gid: gid | 0, prefix: [], setuid: true },
  ];
}

/** Makes the identity the owner of the folder and all in it, unless it is already. */
async function giveFolder(path: string, owner: Identity): Promise<void> {
  const stat = await lstat(path);
  if (stat.uid === owner.uid >>> 0) return;
  if (stat.isDirectory()) for (const name of await readdir(path)) await giveFolder(join(path, name), owner);
  // Last, so that an interrupted run begins again.
  await lchown(path, owner.uid, owner.gid);
}
