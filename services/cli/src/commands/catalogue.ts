import { group, type Register, withExamples, withNode } from '../command.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import type { Outcome } from '../outcome.js';
import { listing } from '../table.js';

/** The words of the field as this node knows them: kinds with their fields, code lists with their codes. */
export const registerCatalogue: Register = (program, run) => {
  const kind = group(program, 'kind', 'kinds of statement', 'Kinds of statement that the node writes and reads.');
  const list = kind
    .command('list')
    .summary('all of them')
    .description('Lists the kinds of statement that the node knows, with their version.');
  withExamples(withNode(list), ['entente kind list']).action(run(listKinds));
  const schema = kind
    .command('schema')
    .summary('the fields of one')
    .description('Prints the JSON Schema of a kind: every field with its data class, code list and label.')
    .argument('<kind>', 'the kind');
  withExamples(withNode(schema), ['entente kind schema alert', 'entente kind schema sighting --json > sighting.schema.json']).action(
    run(showSchema),
  );
  const codes = program
    .command('code-list')
    .summary('the codes of a list')
    .description('Shows a code list with its labels.')
    .argument('<id>', 'the list, as `x-list` of a schema names it');
  withExamples(withNode(codes), ['entente code-list purpose', 'entente code-list release-checklist --json']).action(run(showCodes));
};

async function listKinds(options: ConnectionOptions): Promise<Outcome> {
  const { data } = await (await connect(options, 'ANALYST')).GET('/v1/kinds');
  return { result: { ...data }, words: listing(data?.items ?? [], { KIND: (k) => k.kind, VERSION: (k) => k.ver }, { none: 'No kinds.' }) };
}

async function showSchema(options: ConnectionOptions, [kind = '']: string[]): Promise<Outcome> {
  const { data } = await (await connect(options, 'ANALYST')).GET('/v1/kinds/{kind}/schema', { params: { path: { kind } } });
  return { result: { ...data }, words: JSON.stringify(data, null, 2).split('\n') };
}

interface CodeList {
  title?: string;
  edition?: string;
  source?: string;
  codes?: { code: string; label?: Record<string, string> }[];
}

async function showCodes(options: ConnectionOptions, [id = '']: string[]): Promise<Outcome> {
  const { data } = await (await connect(options, 'ANALYST')).GET('/v1/code-lists/{id}', { params: { path: { id } } });
  const { title, edition, source, codes = [] } = (data ?? {}) as CodeList;
  const rows = listing(codes, { CODE: (c) => c.code, LABEL: (c) => c.label?.en }, { none: 'The list is empty.' });
  return { result: { ...data }, words: [`${title ?? id} (${[source, edition].filter(Boolean).join(', ')})`, '', ...rows] };
}
