import editions from '../../data/hs-editions.json' with { type: 'json' };
import { compact } from '../wco/compact.js';
import type { GoodsLine } from '../wco/consignment.js';
import type { Money } from '../wco/value.js';
import { decimalOf, knownCode, lineOf } from './text.js';

/** A goods line as element `G1`, `G2` ... of an alert. What the declaration does not say is left open. */
export function goodsElement(line: GoodsLine, index: number, day: string) {
  return compact({
    id: `G${index + 1}`,
    line_no: line.line_no,
    description: lineOf(line.description, 500),
    ...hsMembers(line, day),
    ...quantityMembers(line),
    net_mass_kg: decimalOf(line.net_mass_kg),
    gross_mass_kg: decimalOf(line.gross_mass_kg),
    ...packageMembers(line),
    country_of_origin: knownCode('country', line.origins[0]?.country),
    ...valueMembers(line),
  });
}

/** The edition in force on the day of the declaration: codes move between editions. */
function hsMembers(line: GoodsLine, day: string) {
  if (line.hs_code === undefined) return { hs_unknown: true };
  const edition = editions.codes.filter((entry) => entry.valid_from <= day).at(-1)?.code;
  const tariff =
    line.national_tariff_code === undefined || line.national_tariff_code.length < 8
      ? undefined
      : { scheme: line.national_tariff_scheme ?? 'OTHER', code: line.national_tariff_code };
  return { hs_code: line.hs_code, hs_edition: edition, national_tariff_code: tariff };
}

/** The supplementary quantity where it has a unit that is known; else the net mass, else the gross mass. */
function quantityMembers(line: GoodsLine): { quantity?: string; unit?: string } {
  const candidates = [
    { quantity: line.tariff_quantity?.value, unit: knownCode('unit', line.tariff_quantity?.unit?.split('#')[0]) },
    { quantity: line.net_mass_kg, unit: 'KGM' },
    { quantity: line.gross_mass_kg, unit: 'KGM' },
  ];
  const found = candidates.find(({ quantity, unit }) => unit !== undefined && quantity !== undefined && Number(quantity) > 0);
  return found?.unit === undefined ? {} : compact({ quantity: decimalOf(found.quantity), unit: found.unit });
}

function packageMembers(line: GoodsLine): { packages?: number; package_type?: string } {
  const count = line.packages.reduce((sum, entry) => sum + Math.trunc(Number(entry.count ?? '0')), 0);
  const types = new Set(line.packages.map((entry) => entry.type));
  const type = types.size === 1 ? [...types][0] : undefined;
  return compact({ packages: count > 0 && count <= 9_999_999 ? count : undefined, package_type: knownCode('package-type', type) });
}

function valueMembers(line: GoodsLine): { value?: string; currency?: string; value_basis?: string } {
  const candidates: [Money | undefined, string][] = [
    [line.invoice_value, 'INVOICE'],
    [line.statistical_value, 'STATISTICAL'],
  ];
  for (const [money, basis] of candidates) {
    const currency = knownCode('currency', money?.currency);
    if (money !== undefined && currency !== undefined) return compact({ value: decimalOf(money.amount), currency, value_basis: basis });
  }
  return {};
}
