import {
  classed,
  code,
  country,
  day,
  decimal,
  elements,
  flag,
  handle,
  identifier,
  latitude,
  list,
  longitude,
  matching,
  optional,
  record,
  text,
  time,
  whole,
} from '../schema/members.js';

const vessel = record({
  name: optional(text(120, { 'x-search': 'vessel' })),
  former_names: optional(list(text(120, { 'x-search': 'vessel' }), 20)),
  imo_number: optional(identifier({ 'x-check': 'IMO', 'x-search': 'imo' }, 20)),
  mmsi: optional(identifier({ 'x-check': 'MMSI', 'x-search': 'mmsi' }, 20)),
  call_sign: optional(identifier({ 'x-search': 'call_sign' }, 20)),
  flag: optional(country({ 'x-search': 'flag' })),
  gross_tonnage: optional(whole(1, 1000000)),
  type: optional(text(60)),
});
const container = record({
  number: identifier({ 'x-check': 'CONTAINER', 'x-search': 'container' }, 20),
  number_as_seen: optional(text(60)),
  size_type: optional(matching('^[A-Z0-9]{4}$', 4)),
});
const flight = record({
  number: matching('^[A-Z0-9]{2}[0-9]{1,4}[A-Z]?$', 7, { 'x-search': 'flight' }),
  date: optional(day()),
});
const aircraft = record({
  registration: optional(identifier({ 'x-search': 'aircraft' }, 20)),
  icao24: optional(matching('^[0-9A-Fa-f]{6}$', 6, { 'x-search': 'aircraft' })),
});
const vehicle = record({
  plate: optional(identifier({ 'x-search': 'plate' }, 20)),
  country: optional(country()),
  vin: optional(identifier({ 'x-search': 'vin' }, 20)),
});
const position = record({
  at: time(),
  lat: latitude(),
  lon: longitude(),
  sog: optional(decimal()),
  source: optional(text(60)),
});

/** Transport legs: means, equipment and transport documents, all of them business-identifying (N1). */
export const transport = elements(
  classed(
    'N1',
    record({
      id: handle('T'),
      leg_no: optional(whole(1, 99)),
      main_leg: optional(flag()),
      mode: code('transport-mode'),
      vessel: optional(vessel),
      container: optional(container),
      seal_numbers: optional(list(identifier({ 'x-search': 'seal' }, 40), 20)),
      flight: optional(flight),
      aircraft: optional(aircraft),
      air_waybill: optional(identifier({ 'x-check': 'AWB', 'x-search': 'air_waybill' }, 20)),
      house_air_waybill: optional(identifier({ 'x-search': 'air_waybill' }, 35)),
      bill_of_lading: optional(identifier({ 'x-search': 'bill_of_lading' }, 35)),
      bill_level: optional(code('bill-level')),
      scac: optional(identifier({ 'x-check': 'SCAC', 'x-search': 'scac' }, 10)),
      cmr_number: optional(identifier({ 'x-search': 'consignment_note' }, 35)),
      cim_number: optional(identifier({ 'x-search': 'consignment_note' }, 35)),
      tir_carnet: optional(identifier({ 'x-search': 'consignment_note' }, 35)),
      vehicle: optional(vehicle),
      postal_item: optional(identifier({ 'x-check': 'S10', 'x-search': 'postal_item' }, 20)),
      declaration_mrn: optional(identifier({ 'x-check': 'MRN', 'x-search': 'mrn' }, 40)),
      declaration_scheme: optional(code('declaration-scheme')),
      ais_positions: optional(list(position, 200)),
    }),
  ),
  100,
);
