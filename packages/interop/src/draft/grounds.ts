import type { Shipment } from '../shipment/shipment.js';
import type { DeclaredDocument } from '../wco/consignment.js';
import type { DraftRules } from './rules.js';

/** Why a shipment becomes a draft. `lineNo` is absent for a document of the whole declaration. */
export type Ground = { lineNo?: number; code: string; title: string } & (
  | { of: 'licence'; number?: string; status?: string; waiver: boolean }
  | { of: 'list'; list: string; edition: string }
);

/** `YYYY-MM-DD`: a document code means what it meant when it was declared; goods are held against the lists of the day on which they are screened. */
export interface Days {
  declared: string;
  screened: string;
}

/** Licence documents and listed goods of a shipment, in the order of the declaration. */
export function groundsOf(shipment: Shipment, rules: DraftRules, days: Days): Ground[] {
  const header = shipment.documents.flatMap((document) => licenceGround(document, undefined, rules, days.declared));
  const lines = shipment.goods.flatMap((line) => [
    ...line.documents.flatMap((document) => licenceGround(document, line.line_no, rules, days.declared)),
    ...listGrounds(line.hs_code, line.line_no, rules, days.screened),
  ]);
  return [...header, ...lines];
}

function licenceGround(document: DeclaredDocument, lineNo: number | undefined, { licences }: DraftRules, day: string): Ground[] {
  const licence = licences.codes.find((entry) => entry.code === document.code && inForce(entry, day));
  if (licence === undefined) return [];
  return [
    {
      of: 'licence',
      code: licence.code,
      title: licence.label.en,
      waiver: document.status !== undefined && licences.waiver_status_codes.includes(document.status),
      ...(lineNo !== undefined && { lineNo }),
      ...(document.number !== undefined && { number: document.number }),
      ...(document.status !== undefined && { status: document.status }),
    },
  ];
}

function listGrounds(hsCode: string | undefined, lineNo: number, rules: DraftRules, day: string): Ground[] {
  return rules.goodsLists
    .filter((list) => inForce(list, day))
    .flatMap((list) => {
      const entry = list.codes.find((candidate) => candidate.code === hsCode);
      return entry === undefined
        ? []
        : [{ of: 'list' as const, lineNo, code: entry.code, title: list.title, list: entry.label.en, edition: list.edition }];
    });
}

function inForce(entry: { valid_from: string; valid_to: string | null }, day: string): boolean {
  return entry.valid_from <= day && (entry.valid_to === null || day <= entry.valid_to);
}
