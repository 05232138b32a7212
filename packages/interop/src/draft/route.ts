import type { Shipment } from '../shipment/shipment.js';
import { compact } from '../wco/compact.js';
import type { Location } from '../wco/consignment.js';
import { knownCode, lineOf } from './text.js';

interface Point {
  function: string;
  country?: string;
  locode?: string;
  place_text?: string;
}

/** The way as declared, as elements `R1`, `R2` ...; a suspected destination is for an officer to add. */
export function routeElements(shipment: Shipment) {
  const { export_country: from, loading_location: loading, unloading_location: unloading } = shipment;
  const destinations = destinationsOf(shipment);
  const transit = shipment.itinerary
    .map((point) => point.country)
    .filter((country) => country !== from && !destinations.includes(country ?? ''));
  const points: (Point | undefined)[] = [
    pointOf('DISPATCH', from, lineOf(shipment.goods_location?.name ?? shipment.goods_location?.code, 200)),
    locationPoint('LOADING', loading, from),
    ...[...new Set(transit)].map((country) => pointOf('TRANSIT', country)),
    locationPoint('DISCHARGE', unloading, undefined),
    ...destinations.map((country) => pointOf('DECLARED_DESTINATION', country)),
  ];
  return points
    .filter((point) => point !== undefined)
    .slice(0, 100)
    .map((point, index) => ({ id: `R${index + 1}`, seq: index + 1, ...point, status: 'DECLARED' }));
}

/** Countries of destination, of the whole declaration and of single lines, each once. */
export function destinationsOf(shipment: Shipment): string[] {
  const all = [shipment.destination_country, ...shipment.goods.map((line) => line.destination_country)];
  return [...new Set(all.filter((country) => country !== undefined))];
}

function pointOf(name: string, country: string | undefined, placeText?: string): Point | undefined {
  if (country === undefined) return undefined;
  // A country that no list knows is still what was declared: it is kept in words.
  const known = knownCode('country', country);
  return compact({ function: name, country: known, place_text: placeText ?? (known === undefined ? lineOf(country, 200) : undefined) });
}

/** Countries of a location code win over the one of its address: the code is the more exact statement. */
function locationPoint(name: string, location: Location | undefined, otherwise: string | undefined): Point | undefined {
  if (location === undefined) return undefined;
  const code = location.code ?? location.name;
  const locode =
    code !== undefined && /^[A-Z]{2}[A-Z2-9]{3}$/.test(code) && knownCode('country', code.slice(0, 2)) !== undefined ? code : undefined;
  const country = locode?.slice(0, 2) ?? knownCode('country', location.country ?? otherwise);
  const text = lineOf(location.name ?? (locode === undefined ? location.code : undefined), 200);
  return compact({ function: name, locode, country, place_text: text });
}
