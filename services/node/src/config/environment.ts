/** Every value of the configuration as an environment variable: ENTENTE_ and the path in capitals, ENTENTE_AGENCY_PORT. Lists and maps as JSON. */
import { parseStrict } from '@entente/seal';

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  enum?: unknown[];
}

/** Variables of this name space that other programs of the project read. Everything else that is unknown is a mistake and refused. */
export const others = ['ENTENTE_CLOCK_SHIFT', 'ENTENTE_CONFIG', 'ENTENTE_KILL_AT', 'ENTENTE_TOKEN_FILE', 'ENTENTE_URL'];
const otherPrefixes = ['ENTENTE_POSTGRES_', 'ENTENTE_TRIAL_', 'ENTENTE_TEST_'];

export interface Override {
  path: string[];
  value: unknown;
}

/** Variable -> path of the member, for every value of the schema. */
export function variablesOf(schema: Schema, path: string[] = []): Map<string, { path: string[]; schema: Schema }> {
  const found = new Map<string, { path: string[]; schema: Schema }>();
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const here = [...path, name];
    if (member.properties) for (const [variable, value] of variablesOf(member, here)) found.set(variable, value);
    else found.set(`ENTENTE_${here.join('_').toUpperCase()}`, { path: here, schema: member });
  }
  return found;
}

export function overridesOf(
  schema: object,
  env: Readonly<Record<string, string | undefined>>,
): { overrides: Override[]; problems: string[] } {
  const known = variablesOf(schema as Schema);
  const overrides: Override[] = [];
  const problems: string[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('ENTENTE_') || text === undefined || isOthers(variable)) continue;
    const value = known.get(variable);
    if (!value) problems.push(`${variable}: no such setting; remove the variable or correct its name`);
    else if (text === '') problems.push(`${variable}: is empty; give it a value or remove it`);
    else {
      try {
        overrides.push({ path: value.path, value: read(value.schema, text) });
      } catch {
        problems.push(`${variable}: should be ${value.schema.type ?? 'JSON'}, in JSON`);
      }
    }
  }
  return { overrides, problems };
}

const isOthers = (variable: string): boolean => others.includes(variable) || otherPrefixes.some((prefix) => variable.startsWith(prefix));
const read = (schema: Schema, text: string): unknown => (schema.type === 'string' || schema.enum ? text : parseStrict(text));

/** The document with the overrides in it. */
export function withOverrides(document: unknown, overrides: Override[]): unknown {
  const copy = structuredClone(document);
  for (const { path, value } of overrides) {
    let at = copy as Record<string, unknown>;
    for (const name of path.slice(0, -1)) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[path.at(-1)!] = value;
  }
  return copy;
}
