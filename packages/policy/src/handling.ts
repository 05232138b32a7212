import { codeList, type Handling } from '@entente/statement';

/**
 * The purposes for which a statement may be used: those that its originator names, less those that its handling codes take away. The
 * strictest marking wins; which code means what is data (list `handling-code`).
 */
export function purposesOf({ purposes, handling_codes }: Handling): string[] {
  const codes = codeList('handling-code').codes.filter(({ code }) => handling_codes.includes(code));
  const only = codes.flatMap(({ purposes }) => (Array.isArray(purposes) ? [purposes] : []));
  const never = codes.flatMap(({ without_purposes: not }) => (Array.isArray(not) ? not : []));
  return purposes.filter((purpose) => !never.includes(purpose) && only.every((list) => list.includes(purpose)));
}
