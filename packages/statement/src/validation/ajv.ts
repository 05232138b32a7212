import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isCode } from '../code-lists.js';

/** What fails, by the keyword; nothing is coerced, filled in or removed. */
export type Compiled = ValidateFunction;
export type SchemaError = ErrorObject;

/**
 * The schemas are ours and held against their metaschema by a test; leaving that and the optimiser out halves the time of compiling and
 * costs nothing later.
 */
const options = {
  strict: true,
  coerceTypes: false,
  useDefaults: false,
  removeAdditional: false,
  validateSchema: false,
  code: { optimize: false },
} as const;

function withVocabulary(ajv: Ajv2020): Ajv2020 {
  formats.default(ajv, ['date-time', 'date', 'uri']);
  ajv.addVocabulary(['x-class', 'x-label', 'x-text', 'x-search', 'x-check', 'x-disclose']);
  return ajv.addKeyword({
    keyword: 'x-list',
    type: 'string',
    schemaType: 'string',
    validate: (listId: string, code: string) => isCode(listId, code),
    errors: false,
  });
}

/** For what our own people and machines hand in: every fault at once. */
export const thorough: Ajv2020 = withVocabulary(new Ajv2020({ ...options, allErrors: true }));
/** For what a peer sends: the first fault ends it. */
export const guarded: Ajv2020 = withVocabulary(new Ajv2020(options));
