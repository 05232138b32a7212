/** The auditor's part of a trial: the stand-alone program, with each agency's own auditor's token. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Member } from './federation.js';
import { programs, runProgram } from './programs.js';

export interface Audit {
  /** Names of the agencies whose log, signatures and feeds all hold. */
  verified: string[];
  /** Pairs of names whose logs agree with each other. */
  reconciled: [string, string][];
  /** What the auditor found, in its own words. */
  findings: string[];
}

export async function audit(members: Member[]): Promise<Audit> {
  const folder = await mkdtemp(join(tmpdir(), 'entente-audit-'));
  try {
    const files = await Promise.all(members.map((m) => evidenceFor(m, folder)));
    const verified = await Promise.all(files.map((file) => verify(file)));
    const reconciled = await Promise.all(pairs(files).map(([a, b]) => reconcile(a, b)));
    return {
      verified: verified.filter((v) => v.ok).map((v) => v.name),
      reconciled: reconciled.filter((r) => r.ok).map((r) => r.names),
      findings: [...verified, ...reconciled].filter((r) => !r.ok).map((r) => r.said),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Evidence {
  member: Member;
  tokenFile: string;
  configuration: string;
}

async function evidenceFor(member: Member, folder: string): Promise<Evidence> {
  const tokenFile = join(folder, `${member.agency.name}.token`);
  await writeFile(tokenFile, member.tokens.auditor, { mode: 0o600 });
  return { member, tokenFile, configuration: join(member.agency.folder, 'entity-configuration.jwt') };
}

async function verify({ member, tokenFile, configuration }: Evidence) {
  const args = [
    'verify',
    '--node',
    member.agency.url,
    '--token-file',
    tokenFile,
    '--configuration',
    configuration,
    '--thumbprint',
    member.agency.thumbprint,
  ];
  const { code, stdout, stderr } = await runProgram(programs.auditor, args, { accept: [0, 1, 2] });
  return { name: member.agency.name, ok: code === 0, said: `${member.agency.name}: ${stdout}${code === 2 ? stderr : ''}` };
}

async function reconcile(a: Evidence, b: Evidence) {
  const args = [
    'reconcile',
    '--a',
    a.member.agency.url,
    '--a-token-file',
    a.tokenFile,
    '--b',
    b.member.agency.url,
    '--b-token-file',
    b.tokenFile,
  ];
  const { code, stdout, stderr } = await runProgram(programs.auditor, args, { accept: [0, 1, 2] });
  const names: [string, string] = [a.member.agency.name, b.member.agency.name];
  return { names, ok: code === 0, said: `${names.join(' and ')}: ${stdout}${code === 2 ? stderr : ''}` };
}

function pairs<T>(items: T[]): [T, T][] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]));
}
