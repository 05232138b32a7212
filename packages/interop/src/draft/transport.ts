import type { Shipment } from '../shipment/shipment.js';
import { compact } from '../wco/compact.js';
import type { Container, TransportMeans } from '../wco/consignment.js';
import { knownCode, lineOf } from './text.js';

type Members = Record<string, unknown>;

type Placement = (number: string, means: TransportMeans) => Members | undefined;

/** Members of a transport element by identification type of the means (EU and UK code list for data elements 7/7 and 7/14). */
const placements: ReadonlyMap<string, Placement> = new Map<string, Placement>([
  ['10', (number, means) => vesselOf(means, { imo_number: lineOf(number, 20) })],
  ['11', (number, means) => vesselOf(means, { name: number })],
  ['30', (number, means) => ({ vehicle: compact({ plate: lineOf(number, 20), country: knownCode('country', means.nationality) }) })],
  ['40', (number) => (/^[A-Z0-9]{2}[0-9]{1,4}[A-Z]?$/.test(number) ? { flight: { number } } : undefined)],
  ['41', (number) => ({ aircraft: { registration: lineOf(number, 20) } })],
  ['81', (number, means) => vesselOf(means, { name: number })],
]);

/** Transport documents among the previous documents, by UN/EDIFACT 1001. */
const transportDocuments: ReadonlyMap<string, (number: string) => Members> = new Map<string, (number: string) => Members>([
  ['703', (number) => ({ house_air_waybill: number })],
  ['705', (number) => ({ bill_of_lading: number })],
  ['714', (number) => ({ bill_of_lading: number, bill_level: 'HOUSE' })],
  ['720', (number) => ({ cim_number: number })],
  ['730', (number) => ({ cmr_number: number })],
  ['740', (number) => ({ air_waybill: lineOf(number, 20) })],
  ['741', (number) => ({ air_waybill: lineOf(number, 20) })],
  ['952', (number) => ({ tir_carnet: number })],
]);

/** Means, containers and declaration number as elements `T1`, `T2` ...: the means at the border with the first container, then the other containers. */
export function transportElements(shipment: Shipment) {
  const means = shipment.border ?? shipment.departure ?? shipment.arrival;
  const mode = knownCode('transport-mode', means?.mode ?? shipment.departure?.mode ?? shipment.arrival?.mode) ?? '0';
  const [first, ...others] = containersOf(shipment);
  const main = {
    ...bearerMembers(means),
    ...containerMembers(first),
    ...documentMembers(shipment),
    ...(shipment.mrn !== undefined && { declaration_mrn: lineOf(shipment.mrn, 40) }),
  };
  if (Object.keys(main).length === 0 && means === undefined) return [];
  return [main, ...others.map(containerMembers)].map((members, index) => ({ id: `T${index + 1}`, leg_no: 1, mode, ...members }));
}

/** Means of transport whose identification fits no coded field: the narrative names them. */
export function unplacedMeans(shipment: Shipment): TransportMeans[] {
  return [shipment.border, shipment.departure, shipment.arrival].filter(
    (means): means is TransportMeans => means?.number !== undefined && Object.keys(bearerMembers(means)).length === 0,
  );
}

function bearerMembers(means: TransportMeans | undefined): Members {
  const number = lineOf(means?.number, 120);
  if (means === undefined || number === undefined) return {};
  return placements.get(means.number_type ?? '')?.(number, means) ?? {};
}

function vesselOf(means: TransportMeans, members: Members): Members {
  return { vessel: compact({ name: lineOf(means.name, 120), ...members, flag: knownCode('country', means.nationality) }) };
}

/** Containers of the consignment and of its lines, each number once. */
function containersOf(shipment: Shipment): Container[] {
  const all = [...shipment.containers, ...shipment.goods.flatMap((line) => line.containers)];
  const numbered = all.filter((container) => container.number !== undefined);
  return [...new Map(numbered.map((container) => [container.number, container])).values()].slice(0, 100);
}

/** A container number on a document may be anything; it is kept as seen and checked later. */
function containerMembers(container: Container | undefined): Members {
  const number = lineOf(container?.number, 20);
  const seals = [...new Set(container?.seals.flatMap((seal) => lineOf(seal.number, 40) ?? []) ?? [])].slice(0, 20);
  return { ...(number !== undefined && { container: { number } }), ...(seals.length > 0 && { seal_numbers: seals }) };
}

function documentMembers(shipment: Shipment): Members {
  const previous = [...shipment.previous_documents, ...shipment.goods.flatMap((line) => line.previous_documents)];
  return Object.assign(
    {},
    ...previous.map(({ type = '', number }) => {
      const line = lineOf(number, 35);
      return line === undefined ? {} : transportDocuments.get(type.replace(/^N/, ''))?.(line);
    }),
  );
}
