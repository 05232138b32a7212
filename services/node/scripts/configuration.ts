/** docs/configuration.md, from the schema that checks the file. Printed; `npm run generate` writes it. */
import { others, variablesOf } from '../src/config/environment.js';
import { configSchema } from '../src/config/schema.js';

interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
}

const schema = configSchema as unknown as Schema;
const code = (text: unknown) => `\`${typeof text === 'string' ? text : JSON.stringify(text)}\``;

function formOf({ type, enum: words, minimum, maximum, maxLength, maxItems, pattern, items }: Schema): string {
  if (words) return words.map(code).join(', ');
  if (type === 'integer') return `integer, ${minimum} to ${maximum}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'array')
    return items?.enum ? `list of ${items.enum.map(code).join(', ')}` : `list${maxItems ? `, at most ${maxItems}` : ''}`;
  if (type === 'object') return 'object of names and texts';
  return ['text', pattern && code(pattern), maxLength && `at most ${maxLength} characters`].filter(Boolean).join(', ');
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const variables = new Map([...variablesOf(schema)].map(([name, { path }]) => [path.join('.'), name]));

/** One row for each value; what stands in a list has no variable of its own, for the whole list has one. */
function rowsOf(at: Schema, path: string[], inList: boolean, within?: string): string[] {
  return Object.entries(at.properties ?? {}).flatMap(([name, member]) => {
    const here = [...path, name];
    const required = at.required?.includes(name) && member.default === undefined;
    // What belongs to a group that may be left out is needed only with the group.
    if (member.properties) return rowsOf(member, here, inList, required || member.default !== undefined ? within : here.join('.'));
    const needed = within === undefined ? '**needed**' : `needed with ${code(within)}`;
    const fallback = member.default === undefined ? (required ? needed : '') : code(member.default);
    const variable = inList ? '' : code(variables.get(here.join('.')));
    const row = `| ${[code(here.join('.')), formOf(member), fallback, member.description ?? '', variable].map(cell).join(' | ')} |`;
    return [row, ...(member.items?.properties ? rowsOf(member.items, [...path, `${name}[]`], true) : [])];
  });
}

const head = ['| setting | form | default | what it is | variable |', '|---|---|---|---|---|'];

console.log(`# Configuration

The file that \`entente init\` writes, \`entente.json\`, checked by one schema; from it this page is made (\`npm run generate\`), so it is whole.
Unknown settings are refused. Paths are relative to the file. Secrets stand in files of their own, never in this one.

Every setting can also come from an environment variable, which wins over the file: ${code('ENTENTE_')} and its path in capitals. Lists and objects are
given as JSON. Variables that begin so and are unknown are refused, but for these, which other programs read: ${others.map(code).join(', ')}.
${code('NODE_ENV=production')} refuses what is for trials only. \`entente config check\` says everything that is wrong at once.

${[...head, ...rowsOf(schema, [], false)].join('\n')}`);
