import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The password of a role, kept in a file only its owner can read; made at first use. Two who make it at once get the same. */
export async function passwordOf(dir: string, role: string): Promise<string> {
  return keepFirst(passwordFile(dir, role), () => randomBytes(32).toString('base64url'));
}

export async function forgetPassword(dir: string, role: string): Promise<void> {
  await rm(passwordFile(dir, role), { force: true });
}

export function passwordFile(dir: string, role: string): string {
  return join(dir, 'passwords', role);
}

/** Content of the file, written by whoever came first: `link` fails where the name exists, and never shows half a file. */
async function keepFirst(path: string, make: () => string): Promise<string> {
  const existing = await readFile(path, 'utf8').catch(() => undefined);
  if (existing !== undefined) return existing;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, make(), { mode: 0o600, flag: 'wx' });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readFile(path, 'utf8');
}
