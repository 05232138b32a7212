// Lints an OpenAPI document with the recommended rules of Redocly, every finding as an error, and with some more of theirs.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createConfig, lint } from '@redocly/openapi-core';
import { root } from './setup.mjs';

const rules = {
  'info-license-url': 'off', // an SPDX identifier stands in its place, as OpenAPI 3.1 has it
  'no-invalid-media-type-examples': 'error',
  'no-invalid-parameter-examples': 'error',
  'no-invalid-schema-examples': 'error',
  'operation-4xx-problem-details-rfc7807': 'off', // a Problem is RFC 9457, with a description of its own
  'operation-description': 'error',
  'operation-operationId': 'error',
  'operation-parameters-unique': 'error',
  'operation-singular-tag': 'error',
  'operation-tag-defined': 'error', // what names another tag stands nowhere on the page /docs
  'parameter-description': 'error',
  'tag-description': 'error',
};

/** @returns {Promise<string[]>} one line per finding */
export async function findings(ref = join(root, 'openapi.yaml')) {
  const config = await createConfig({ extends: ['recommended'], rules });
  return (await lint({ ref, config })).map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer ?? ''}: ${message}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = await findings();
  for (const line of found) console.error(line);
  console.log(found.length === 0 ? 'openapi.yaml keeps to every rule.' : `openapi.yaml breaks rules in ${found.length} places.`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
