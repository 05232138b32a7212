// The tables of the page that come from schemas, code lists and unions of codes.
import { rules } from '@entente/policy';
import * as seal from '@entente/seal';
import { codeList, kindOf, kinds, possibleClasses, statementInputSchema } from '@entente/statement';
import { code, table } from './show.mjs';

export const showCodes = () =>
  table(
    ['code', 'meaning'],
    Object.entries(seal.sealCodes).map(([name, words]) => [code(name), words]),
  );

export function showRules() {
  const byCode = new Map();
  for (const [id, { code: name }] of Object.entries(rules)) byCode.set(name, [...(byCode.get(name) ?? []), id]);
  return table(
    ['code', 'rules'],
    [...byCode].map(([name, ids]) => [code(name), ids.map(code).join(', ')]),
  );
}

/** The markings of a statement, from its schema; a long list is only named. */
export function showHandling() {
  const { handling, legal_basis } = statementInputSchema(kindOf('alert', '1.0')).properties;
  const rows = (node, path) => {
    const list = node['x-list'] ?? node.items?.['x-list'];
    if (list !== undefined) return [[code(path), node.items ? 'codes' : 'code', codesIn(list)]];
    const inner = Object.entries((node.items ?? node).properties ?? {});
    if (inner.length === 0) return [[code(path), node.type, '']];
    return inner.flatMap(([name, member]) => rows(member, `${path}${node.items ? '[]' : ''}.${name}`));
  };
  return table(['member', 'type', 'values'], [...rows(handling, 'handling'), ...rows(legal_basis, 'legal_basis')]);
}

function codesIn(list) {
  const { codes, id, closed } = codeList(list);
  if (codes.length > 20) return `one of the ${codes.length} of the list ${code(id)}`;
  return `${codes.map((entry) => code(entry.code)).join(' ')}${closed === false ? ', or a code of another scheme' : ''}`;
}

/** What each kind can tell, and to which class it belongs: what an implementer needs to know of the schema to disclose by it. */
export function showKinds() {
  const tables = [...kinds.values()].map(showKind);
  const lists = [...kinds.values()].flatMap(({ body }) => listsOf(body).map(([member, node]) => showList(member, node)));
  return [
    ...tables,
    'The element lists:',
    table(
      ['list', 'class of an element', 'group digests', 'members of another class'],
      [...new Set(lists)].map((row) => [row]),
    ),
  ].join('\n\n');
}

const isList = ([, member]) => member['x-disclose'] === 'elements';
const listsOf = ({ properties }) => Object.entries(properties).filter(isList);

function showKind({ name, ver, body }) {
  const members = Object.entries(body.properties);
  const head = `Kind ${code(name)}, version ${code(ver)}. The body has ${members.length} members, the element lists among them, so ${code('body._sd')} has ${members.length} digests.`;
  const plain = members.filter((member) => !isList(member));
  const rows = plain.map(([member, node]) => [code(member), node.type ?? 'string', classWords(node['x-class']), required(body, member)]);
  return `${head}\n\n${table(['member', 'type', 'class', 'required at issue'], rows)}`;
}

function showList(member, { items }) {
  const own = items['x-class'];
  const members = Object.entries(items.properties);
  const classes = new Set([own, ...members.map(([, node]) => node['x-class'])].flatMap(possibleClasses));
  const apart = members.filter(([, node]) => classWords(node['x-class']) !== classWords(own));
  const words = apart.map(([name, node]) => `${code(name)} ${classWords(node['x-class'])}`).join(', ');
  return [code(member), classWords(own), classes.size - 1, words].join(' | ');
}

const required = (node, member) => (node.required?.includes(member) ? 'yes' : 'no');

function classWords(rule) {
  if (typeof rule === 'string') return rule;
  if ('strictest' in rule) return `the strictest ${code(rule.strictest)} of its items, else ${rule.otherwise}`;
  const given = Object.entries(rule.map).filter(([value, dataClass]) => value !== dataClass);
  if (given.length === 0) return `as ${code(rule.by)} says, else ${rule.otherwise}`;
  return `by ${code(rule.by)}: ${given.map(([value, dataClass]) => `${value} ${dataClass}`).join(', ')}, else ${rule.otherwise}`;
}
