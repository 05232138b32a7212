/** Reads the configuration once: file, environment, schema, dangerous states; then it never changes. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseStrict } from '@entente/seal';
import { Ajv, type ErrorObject } from 'ajv';
import { dangersOf } from './dangers.js';
import { overridesOf, withOverrides } from './environment.js';
import { type Config, configSchema } from './schema.js';

/** Everything that is wrong at once, each line with how to mend it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super([`the configuration ${file} cannot be used:`, ...problems.map((p) => `  - ${p}`)].join('\n'));
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

export function loadConfig(path: string, env: Environment): Config {
  const file = resolve(path);
  const { overrides, problems } = overridesOf(configSchema, env);
  const document = withOverrides(readDocument(file), overrides);
  const shape = problemsOf(document);
  if (problems.length + shape.length > 0) throw new ConfigError(file, [...problems, ...shape]);
  const config = deepFreeze(absolute(document as Config, dirname(file)));
  const dangers = dangersOf(config, env);
  if (dangers.length > 0) throw new ConfigError(file, dangers);
  return config;
}

/** Text of a secret file, without the line end. */
export const readSecret = (path: string): string => readFileSync(path, 'utf8').trim();

function readDocument(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, [`cannot be read (${(error as NodeJS.ErrnoException).code}); \`entente init\` makes one`]);
  }
  try {
    return parseStrict(text);
  } catch (error) {
    throw new ConfigError(file, [`is not JSON: ${(error as Error).message}`]);
  }
}

const validate = new Ajv({ allErrors: true, strict: true, useDefaults: true }).compile(configSchema);

/** Fills in the defaults, too. */
function problemsOf(document: unknown): string[] {
  return validate(document) ? [] : (validate.errors ?? []).map(words);
}

function words({ instancePath, message, params, keyword }: ErrorObject): string {
  const at = instancePath.slice(1).replaceAll('/', '.');
  const member = (name: unknown) => [at, name].filter(Boolean).join('.');
  if (keyword === 'additionalProperties') return `${member(params.additionalProperty)}: no such setting; remove it or correct its name`;
  if (keyword === 'required') return `${member(params.missingProperty)}: is missing; ${descriptionOf(member(params.missingProperty))}`;
  if (keyword === 'enum') return `${at}: should be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  return `${at || 'the file'}: ${message ?? 'is not valid'}; ${descriptionOf(at)}`;
}

function descriptionOf(path: string): string {
  let at: { properties?: Record<string, object>; items?: object; description?: string } = configSchema;
  for (const name of path.split('.')) at = (/^\d+$/.test(name) ? at.items : at.properties?.[name]) ?? {};
  return at.description ?? 'see the configuration reference';
}

/** Every path member, resolved against the folder of the configuration file. */
function absolute<T>(value: T, folder: string, name = ''): T {
  if (typeof value === 'string')
    return (name.endsWith('_file') || name === 'folder' || name.endsWith('_folder') ? resolve(folder, value) : value) as T;
  if (Array.isArray(value)) return value.map((item) => absolute(item, folder)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, absolute(member, folder, key)])) as T;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
