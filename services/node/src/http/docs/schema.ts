/** A schema as a list of its members, nested ones folded. */
import { type ApiDocument, resolved, type Schema } from './document.js';
import { type Html, html, inline } from './html.js';

const DEEPEST = 8;
/** Longer lists of values are folded. */
const SHOWN_VALUES = 8;

export function schemaView(document: ApiDocument, schema: Schema | undefined, depth = 0): Html {
  const shape = membersOf(document, schema);
  if (!shape || depth > DEEPEST) return html``;
  const { required = [] } = shape;
  const rows = Object.entries(shape.properties ?? {}).map(([name, member]) => row(document, name, member, required.includes(name), depth));
  const open = rest(document, shape, depth);
  return rows.length === 0 && !open ? html`` : html`<ul class="members">${rows}${open}</ul>`;
}

function row(document: ApiDocument, name: string, member: Schema, required: boolean, depth: number): Html {
  const schema = resolved(document, member);
  const nested = schemaView(document, member, depth + 1);
  return html`<li><div class="member"><code class="name">${name}</code> <span class="type">${typeOf(document, schema)}</span>${
    required ? html` <span class="required">required</span>` : undefined
  }</div>${words(member.description ?? schema.description)}${limits(schema)}${
    nested.text === '' ? undefined : html`<details><summary>members</summary>${nested}</details>`
  }</li>`;
}

/** Members whose names the schema leaves open, and alternatives. */
function rest(document: ApiDocument, shape: Schema, depth: number): Html | undefined {
  const alternatives = shape.anyOf ?? shape.oneOf;
  if (alternatives) {
    return html`${alternatives.map(
      (one) =>
        html`<li><div class="member"><span class="type">${typeOf(document, resolved(document, one))}</span></div>${words(one.description)}${schemaView(document, one, depth + 1)}</li>`,
    )}`;
  }
  if (typeof shape.additionalProperties === 'object') return row(document, 'any name', shape.additionalProperties, false, depth);
  return undefined;
}

/** The object behind references and lists, if there is one. */
function membersOf(document: ApiDocument, schema: Schema | undefined): Schema | undefined {
  if (schema === undefined) return undefined;
  const here = resolved(document, schema);
  if (here.items) return membersOf(document, here.items);
  return here.properties || here.anyOf || here.oneOf || typeof here.additionalProperties === 'object' ? here : undefined;
}

export function typeOf(document: ApiDocument, schema: Schema): string {
  if (schema.items) return `list of ${typeOf(document, resolved(document, schema.items))}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return 'one of';
  if (schema.anyOf ?? schema.oneOf) return 'one of';
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any');
  return schema.format ? `${type}, ${schema.format}` : type;
}

const words = (text: string | undefined): Html | undefined => (text ? html`<div class="words">${inline(text)}</div>` : undefined);

export function limits(schema: Schema): Html | undefined {
  const values = (schema.enum ?? schema.items?.enum ?? []).map((value) => html`<code>${String(value)}</code> `);
  const bounds = [
    between('length', schema.minLength, schema.maxLength),
    between('value', schema.minimum, schema.maximum),
    between('items', schema.minItems, schema.maxItems),
    schema.uniqueItems ? 'each once' : undefined,
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
  ].filter((bound) => bound !== undefined);
  const pattern = schema.pattern ? html`<span>pattern <code>${schema.pattern}</code></span> ` : undefined;
  if (values.length === 0 && bounds.length === 0 && !pattern) return undefined;
  const list =
    values.length > SHOWN_VALUES
      ? html`<details><summary>${values.length} values</summary><div class="values">${values}</div></details>`
      : html`${values}`;
  return html`<div class="limits">${list}${pattern}${bounds.join(', ')}</div>`;
}

function between(what: string, least: number | undefined, most: number | undefined): string | undefined {
  if (least === undefined && most === undefined) return undefined;
  if (least === undefined) return `${what} at most ${most}`;
  if (most === undefined) return `${what} at least ${least}`;
  return least === most ? `${what} ${least}` : `${what} ${least} to ${most}`;
}
