/** The operations of a node's API, as its document lists them. */
import { readFileSync } from 'node:fs';

export function operations(): { method: string; path: string; operationId: string }[] {
  const text = readFileSync(new URL('../../../../openapi.yaml', import.meta.url), 'utf8');
  const found: { method: string; path: string; operationId: string }[] = [];
  let path = '';
  let method = '';
  for (const line of text.split('\n')) {
    path = /^ {2}(\/\S*):$/.exec(line)?.[1] ?? path;
    method = /^ {4}(get|post|put|patch|delete):$/.exec(line)?.[1]?.toUpperCase() ?? method;
    const operationId = /^ {6}operationId: (\w+)$/.exec(line)?.[1];
    if (operationId !== undefined) found.push({ method, path, operationId });
  }
  return found;
}
