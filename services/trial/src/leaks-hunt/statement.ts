/** An alert with a canary in a member of each class of data that may be disclosed. */
import { kinds, type StatementInput } from '@entente/statement';
import type { Canary } from './oracle.js';

export const timeAt = (days: number): string => `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19)}Z`;

/** A word that is nowhere else. */
export const canaryWord = (what: string, serial: number): string => `Canary${what}${serial}x${(serial * 7919).toString(36)}`;

export function alertWith(serial: number, tlp: string, purposes: string[]): { input: StatementInput; canaries: Canary[] } {
  const { example } = kinds.get('alert') as { example: StatementInput };
  const canaries: Canary[] = [
    { value: canaryWord('Title', serial), dataClass: 'N0', field: '/body/title' },
    { value: canaryWord('Goods', serial), dataClass: 'N0', field: '/body/goods' },
    { value: `${9_000_000_000 + serial * 7919}.37`, dataClass: 'C1', field: '/body/goods' },
    { value: canaryWord('Firm', serial), dataClass: 'N1', field: '/body/parties' },
    { value: canaryWord('Person', serial), dataClass: 'P1', field: '/body/parties' },
  ];
  const [title, goods, value, firm, person] = canaries.map((canary) => canary.value) as [string, string, string, string, string];
  const [item] = example.body.goods as Record<string, unknown>[];
  const party = (id: string, more: object) => ({ id, roles: ['CONSIGNEE'], confidence: 'PROBABLE', ...more });
  const body = {
    ...structuredClone(example.body),
    title,
    goods: [{ ...item, description: goods, value }],
    parties: [
      party('P1', { party_kind: 'LEGAL', names: [{ value: `${firm} Demo BV`, type: 'PRIMARY' }] }),
      party('P2', { party_kind: 'NATURAL', names: [{ value: person, type: 'PRIMARY' }], subject_category: 'SUSPECT' }),
    ],
    entry_threshold_statement: 'Signed the end-user certificate that is in doubt.',
    review_by: timeAt(14).slice(0, 10),
  };
  const legal_basis = purposes.map((purpose) => ({ ...example.legal_basis[0]!, purpose }));
  const envelope = { valid_from: timeAt(0), valid_until: timeAt(20), handling: { ...example.handling, tlp, purposes }, legal_basis };
  const input = { ...structuredClone(example), ...envelope, body };
  return { input: input as unknown as StatementInput, canaries };
}
