/** Attacks on the database of a running node, each of which the auditor must name. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Federation, Member } from '../federation.js';
import { programs, runProgram } from '../programs.js';
import { type Attack, rounds } from './attacks.js';
import { type Hit, openTampering } from './database.js';

export interface Outcome {
  name: string;
  found: boolean;
  /** The finding, in the auditor's words; without one, what it said instead. */
  said: string;
}

interface Finding {
  check: string;
  object: string;
  position: number | null;
  what: string;
}

/** Runs all rounds against one member, and leaves its database as it was. Throws when the auditor finds something before or after. */
export async function tamper(federation: Federation, victim: Member, tell: (text: string) => void): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'entente-tamper-'));
  try {
    const audit = await auditorOf(victim, folder);
    await requireClean(audit, 'before the first attack');
    const outcomes: Outcome[] = [];
    for (const round of rounds) {
      const tables = [...new Set(round.flatMap((attack) => attack.tables))];
      const database = new URL(victim.agency.databaseUrl.owner).pathname.slice(1);
      await using tampering = await openTampering(federation.postgres.url(database), tables);
      const changed: Hit[] = [];
      for (const attack of round) changed.push(await tampering.attack(attack.sql));
      const findings = await audit();
      for (const { undo } of round) if (undo !== undefined) await tampering.attack(undo);
      await tampering.restore();
      const named = round.map((attack, i) => outcomeOf(attack, changed[i]!, findings));
      for (const { name, found, said } of named) tell(`${found ? 'found ' : 'MISSED'}  ${name}: ${said}`);
      outcomes.push(...named);
    }
    await requireClean(audit, 'after the last attack was undone');
    return outcomes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function outcomeOf({ name, found: { check, what } }: Attack, { rows, objects }: Hit, findings: Finding[]): Outcome {
  if (rows === 0) return { name, found: false, said: 'the attack changed nothing' };
  const isNamed = ({ object }: Finding) => objects.length === 0 || objects.includes(object);
  const named = findings.find((finding) => check.split('|').includes(finding.check) && what.test(finding.what) && isNamed(finding));
  return named
    ? { name, found: true, said: words(named) }
    : { name, found: false, said: findings.map(words).join('; ') || 'the auditor found nothing' };
}

const words = ({ check, object, position, what }: Finding): string =>
  `${check} ${object}${position === null ? '' : ` at ${position}`}: ${what}`;

async function auditorOf({ agency, tokens }: Member, folder: string): Promise<() => Promise<Finding[]>> {
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, tokens.auditor, { mode: 0o600 });
  const args = ['verify', '--node', agency.url, '--token-file', tokenFile, '--thumbprint', agency.thumbprint, '--json'];
  const trust = ['--configuration', join(agency.folder, 'entity-configuration.jwt')];
  return async () => {
    const { stdout } = await runProgram(programs.auditor, [...args, ...trust], { accept: [0, 1] });
    return (JSON.parse(stdout) as { findings: Finding[] }).findings;
  };
}

async function requireClean(audit: () => Promise<Finding[]>, when: string): Promise<void> {
  const findings = await audit();
  if (findings.length > 0) throw new Error(`the auditor finds ${when}: ${findings.map(words).join('; ')}`);
}
