/** What is classified higher than this node may carry is not even written here; nothing is downgraded by a machine. */
import { codeList } from '@entente/statement';
import { Problem } from '../problem.js';

/** Throws `above_ceiling`. A draft that says nothing of its classification yet is judged when it does. */
export function requireCeiling(ceiling: string, handling: unknown): void {
  const level = (handling as { classification?: { level?: unknown } } | undefined)?.classification?.level;
  const order = codeList('classification-level').codes.map(({ code }) => code);
  if (order.indexOf(String(level)) > order.indexOf(ceiling)) {
    throw new Problem('above_ceiling', `this node may carry nothing that is classified higher than ${ceiling}`);
  }
}
