import { type Code, codeList } from '../code-lists.js';
import { isObject, type JsonObject, own } from '../json.js';
import { type Finding, finding } from '../validation/finding.js';
import { objectsIn } from './objects-in.js';
import type { Rule } from './rule.js';

/** Lists whose entries are numbered as in EU Annex I. */
const numberedAlike = new Set(['EU-ANNEX-I', 'UK-SECL', 'AU-DSGL']);
const cwc = /^CWC-S[123]$/;

/** Tariff code, control entry and CAS number fit each other. HS and control lists correlate many to many: only hints for the author. */
export const goodsCohere: Rule = {
  id: 'V12',
  atReceipt: false,
  check: ({ body }) => objectsIn(body, 'goods').flatMap(({ value, pointer }) => [...tariff(value, pointer), ...control(value, pointer)]),
};

function tariff(goods: JsonObject, pointer: string): Finding[] {
  const { hs_code: hs } = goods;
  if (typeof hs !== 'string') return [];
  const chapter = Number(hs.slice(0, 2));
  const national = own(own(goods, 'national_tariff_code'), 'code');
  return [
    ...(chapter < 1 || chapter > 97 || chapter === 77 ? [finding('V12', 'warn', `${pointer}/hs_code`, 'chapter')] : []),
    ...(typeof national === 'string' && !national.startsWith(hs)
      ? [finding('V12', 'warn', `${pointer}/national_tariff_code`, 'national')]
      : []),
  ];
}

function control(goods: JsonObject, pointer: string): Finding[] {
  const implied = entriesOf(goods).flatMap(({ list, entry }) => implications(list, entry));
  const { hs_code: hs } = goods;
  const needsCas = implied.some((i) => i.needs_cas === true) && !Object.hasOwn(goods, 'cas_number');
  const elsewhere = implied.find(({ hs_chapters: c }) => Array.isArray(c) && typeof hs === 'string' && !c.includes(hs.slice(0, 2)));
  return [
    ...(needsCas ? [finding('V12', 'warn', `${pointer}/cas_number`, 'cas')] : []),
    ...(elsewhere ? [finding('V12', 'warn', `${pointer}/hs_code`, 'entry', { entry: String(elsewhere.code) })] : []),
  ];
}

function implications(list: string, entry: string): (Partial<Code> & { needs_cas?: unknown })[] {
  if (cwc.test(list)) return [{ code: list, needs_cas: true }];
  return numberedAlike.has(list) ? codeList('control-coherence').codes.filter(({ code }) => entry.startsWith(code)) : [];
}

function entriesOf(goods: JsonObject): { list: string; entry: string }[] {
  const entries = own(goods, 'control_entries');
  const objects = Array.isArray(entries) ? entries.filter(isObject) : [];
  return objects.map((e) => ({ list: String(e.list_id), entry: String(e.entry) }));
}
