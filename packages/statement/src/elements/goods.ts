import {
  classed,
  code,
  country,
  decimal,
  elements,
  flag,
  handle,
  identifier,
  list,
  matching,
  optional,
  quantity,
  record,
  text,
  whole,
} from '../schema/members.js';

const controlEntry = record({
  list_id: code('control-list'),
  edition: text(40),
  entry: matching('^[A-Z0-9][A-Za-z0-9 ./()-]{0,39}$', 40, { 'x-search': 'control_entry' }),
  status: code('control-status'),
});

const technicalParameter = record({
  name: text(120),
  value: text(120),
  unit: optional(text(40)),
  source: optional(text(120)),
});

/** Goods lines. Open in the element: what they are; apart: value, terms and technology (C1), maker and serial numbers (N1). */
export const goods = elements(
  classed(
    'N0',
    record(
      {
        id: handle('G'),
        line_no: optional(whole(1, 99999)),
        description: text(500, { 'x-search': 'word' }),
        hs_code: optional(matching('^[0-9]{6}$', 6, { 'x-search': 'hs' })),
        hs_edition: optional(code('hs-edition')),
        hs_unknown: optional(flag()),
        national_tariff_code: optional(record({ scheme: code('tariff-scheme'), code: matching('^[0-9]{8,10}$', 10) })),
        control_entries: optional(list(controlEntry, 20)),
        cas_number: optional(identifier({ 'x-check': 'CAS', 'x-search': 'cas' }, 12)),
        concentration_pct: optional(decimal()),
        un_dg_number: optional(matching('^UN[0-9]{4}$', 6, { 'x-search': 'un_number' })),
        quantity: quantity(),
        unit: code('unit'),
        net_mass_kg: optional(decimal()),
        gross_mass_kg: optional(decimal()),
        packages: optional(whole(1, 9999999)),
        package_type: optional(code('package-type')),
        country_of_origin: optional(country()),
        value: optional(classed('C1', decimal())),
        currency: optional(classed('C1', code('currency'))),
        value_basis: optional(classed('C1', code('value-basis'))),
        technical_parameters: optional(classed('C1', list(technicalParameter, 50))),
        stated_end_use: optional(classed('C1', text(500))),
        end_use_code: optional(classed('C1', code('end-use-concern'))),
        manufacturer: optional(classed('N1', text(200, { 'x-search': 'name' }))),
        model: optional(classed('N1', text(120, { 'x-search': 'word' }))),
        serials: optional(classed('N1', list(identifier({ 'x-search': 'serial' }), 200))),
        lot: optional(classed('N1', identifier({ 'x-search': 'serial' }))),
      },
      {
        if: { properties: { hs_unknown: { const: true } }, required: ['hs_unknown'] },
        else: { properties: { hs_code: {}, hs_edition: {} }, required: ['hs_code', 'hs_edition'] },
        dependentRequired: { value: ['currency'], currency: ['value'], value_basis: ['value'] },
      },
    ),
  ),
  200,
);
