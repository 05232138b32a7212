/** What an officer or a machine hands in, checked before anything is decided or signed. */
import { checkAddressees, type Finding, type Kind, kindOf, kinds, type StatementInput, validateFull } from '@entente/statement';
import type { Directory } from '../peers/directory.js';
import { Problem } from '../problem.js';

/** Throws `unknown_kind` or `invalid_statement` with every finding; warnings (failing check digits among them) go on with the statement. */
export function validated(
  self: string,
  directory: Directory,
  input: StatementInput,
  addressees: string[],
): { kind: Kind; warnings: Finding[] } {
  const kind = kindNamed(input.kind);
  const findings = [...validateFull(kind, input), ...checkAddressees(addressees, self, (id) => directory.peer(id)?.state === 'active')];
  const rejected = findings.filter((f) => f.level !== 'warn');
  if (rejected.length > 0) throw new Problem('invalid_statement', words(rejected), { findings: rejected });
  return { kind, warnings: findings };
}

export function kindNamed(name: string): Kind {
  const known = kinds.get(name);
  const kind = known && kindOf(known.name, known.ver);
  if (!kind) throw new Problem('unknown_kind', `there is no kind of statement of this name; known are ${[...kinds.keys()].join(', ')}`);
  return kind;
}

const words = (findings: Finding[]): string =>
  findings
    .slice(0, 3)
    .map((f) => `${f.pointer || '/'}: ${f.message}`)
    .join('; ') + (findings.length > 3 ? `; and ${findings.length - 3} more` : '');
