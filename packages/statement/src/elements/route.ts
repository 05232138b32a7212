import {
  classed,
  code,
  country,
  elements,
  handle,
  latitude,
  locode,
  longitude,
  optional,
  record,
  text,
  time,
  whole,
} from '../schema/members.js';

/** Where something is or happens; shared by route points, events and sightings. */
export const place = () => ({
  locode: optional(locode()),
  country: optional(country()),
  place_text: optional(text(200, { 'x-search': 'place' })),
  lat: optional(latitude()),
  lon: optional(longitude()),
  radius_nm: optional(whole(1, 5000)),
  sea_area: optional(text(120, { 'x-search': 'place' })),
  precision: optional(code('precision')),
});

/** Route points. The declared and the suspected destination are two points; neither overwrites the other (V17). */
export const route = elements(
  classed(
    'N0',
    record(
      {
        id: handle('R'),
        seq: whole(1, 999),
        function: code('route-function'),
        ...place(),
        eta: optional(time({ 'x-search': 'day' })),
        ata: optional(time({ 'x-search': 'day' })),
        etd: optional(time({ 'x-search': 'day' })),
        atd: optional(time({ 'x-search': 'day' })),
        status: code('route-status'),
      },
      { dependentRequired: { lat: ['lon'], lon: ['lat'] } },
    ),
  ),
  100,
);
