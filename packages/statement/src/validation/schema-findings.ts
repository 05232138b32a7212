import { codeList } from '../code-lists.js';
import { token } from '../json.js';
import { itemsOf, memberOf } from '../schema/annotate.js';
import type { Annotated } from '../schema/members.js';
import { hasText, text } from '../texts.js';
import type { Compiled, SchemaError } from './ajv.js';
import { type Finding, finding } from './finding.js';

/** Keywords that fail because something is not there yet. */
const missing = new Set(['required', 'dependentRequired', 'minItems', 'contains']);
/** They only repeat what the error inside them says. */
const wrappers = new Set(['if']);

/** A schema ready for use; its root names fields by their labels. */
export interface Schema {
  root: Annotated;
  validate: Compiled;
}

/** What is absent is of level `open`. @param at where the value stands */
export function schemaFindings({ root, validate }: Schema, value: unknown, at = ''): Finding[] {
  if (validate(value)) return [];
  const errors = (validate.errors ?? []).filter((e) => !wrappers.has(e.keyword) && !e.schemaPath.includes('/contains/'));
  return errors.map((error) => explain(root, error, at));
}

function explain(root: Annotated, error: SchemaError, at: string): Finding {
  if (missing.has(error.keyword)) {
    const pointer = error.instancePath + absentMember(error);
    return finding('schema', 'open', at + pointer, 'missing', { field: labelAt(root, pointer) });
  }
  const pointer = error.instancePath;
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params.additionalProperty);
    return finding('schema', 'reject', `${at}${pointer}/${token(name)}`, 'unknown', { name });
  }
  if (error.keyword === 'x-list') {
    const list = codeList(nodeAt(root, pointer)!['x-list']!);
    return finding(list.rule ?? 'schema', 'reject', at + pointer, 'code', { list: list.title });
  }
  return finding('schema', 'reject', at + pointer, 'form', { field: labelAt(root, pointer), fault: error.message ?? error.keyword });
}

function absentMember({ keyword, params }: SchemaError): string {
  const name = params.missingProperty;
  return keyword === 'minItems' || keyword === 'contains' ? '' : `/${token(String(name))}`;
}

function nodeAt(root: Annotated, pointer: string): Annotated | undefined {
  const steps = pointer.split('/').slice(1);
  return steps.reduce<Annotated | undefined>((node, step) => node && (itemsOf(node) ?? memberOf(node, step)), root);
}

function labelAt(root: Annotated, pointer: string): string {
  const key = nodeAt(root, pointer)?.['x-label'];
  return key && hasText(key) ? text(key) : pointer;
}
