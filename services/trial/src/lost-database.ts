/** A machine that is gone, and commands of the node program upon what comes after it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase } from '@entente/postgres';
import type { Federation, Member } from './federation.js';
import { programs, runProgram } from './programs.js';

/** One command of the node program, as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: what the command answers, looked at member by member.
export async function nodeCommand(member: Member, args: string[], code = 0): Promise<any> {
  const ran = await runProgram(programs.node, [...args, '--json', '--config', join(member.agency.folder, 'entente.json')], {
    accept: [code],
  });
  return JSON.parse(ran.stdout);
}

/** A new, empty database under another name, with the keys that were kept apart. */
export async function loseDatabase({ postgres }: Pick<Federation, 'postgres'>, member: Member, name: string): Promise<string> {
  await member.node.stop();
  const urls = await createDatabase(postgres, { name, owner: `${name}_owner`, application: `${name}_node` });
  await writeFile(join(member.agency.folder, 'secrets', 'database.url'), urls.applicationUrl, { mode: 0o600 });
  await writeFile(join(member.agency.folder, 'secrets', 'database-owner.url'), urls.ownerUrl, { mode: 0o600 });
  await nodeCommand(member, ['migrate']);
  return urls.ownerUrl;
}
