import { codeList } from '@entente/statement';
import type { Shipment } from '../shipment/shipment.js';
import { compact } from '../wco/compact.js';
import type { Ground } from './grounds.js';
import { lineOf } from './text.js';

/** Document types by the UN/EDIFACT 1001 code that national codes such as N380 are built on. */
const typeByEdifact: ReadonlyMap<string, string> = new Map(
  codeList('document-type').codes.flatMap((entry): [string, string][] =>
    typeof entry.edifact_1001 === 'string' ? [[entry.edifact_1001, entry.code]] : [],
  ),
);

/** Invoice by which the customs value is declared, and master air waybill: codes of declarations beside those of EDIFACT. */
const furtherTypes: ReadonlyMap<string, string> = new Map([
  ['935', 'COMMERCIAL_INVOICE'],
  ['741', 'AIR_WAYBILL'],
]);

interface Found {
  doc_type: string;
  national_code?: string;
  number?: string;
}

/** The declaration itself, its licences and the trade documents that it names, each once, as elements `D1`, `D2` ...; nobody has verified any of them. */
export function documentElements(shipment: Shipment, grounds: readonly Ground[]) {
  const licences = grounds.flatMap((ground): Found[] =>
    ground.of === 'licence' ? [compact({ doc_type: 'EXPORT_LICENCE', national_code: ground.code, number: lineOf(ground.number, 70) })] : [],
  );
  const found = [...declarationDocument(shipment), ...licences, ...tradeDocuments(shipment)];
  const distinct = new Map(found.map((document) => [JSON.stringify(document), document]));
  return [...distinct.values()].slice(0, 200).map((document, index) => ({ id: `D${index + 1}`, ...document, authenticity: 'UNVERIFIED' }));
}

function declarationDocument(shipment: Shipment): Found[] {
  if (shipment.direction === 'transit') return [];
  const number = lineOf(shipment.mrn ?? shipment.reference, 70);
  return [compact({ doc_type: shipment.direction === 'export' ? 'EXPORT_DECLARATION' : 'IMPORT_DECLARATION', number })];
}

function tradeDocuments(shipment: Shipment): Found[] {
  const lines = shipment.goods;
  const declared = [...shipment.documents, ...lines.flatMap((line) => line.documents)].filter((document) => document.code.startsWith('N'));
  const previous = [...shipment.previous_documents, ...lines.flatMap((line) => line.previous_documents)];
  const coded = [
    ...declared.map(({ code, number }) => ({ edifact: code.slice(1), number, national: code })),
    ...previous.map(({ type = '', number }) => ({ edifact: type.replace(/^N/, ''), number, national: undefined })),
  ];
  return coded.flatMap(({ edifact, number, national }) => {
    const type = typeByEdifact.get(edifact) ?? furtherTypes.get(edifact);
    if (type === undefined || number === undefined) return [];
    return [compact({ doc_type: type, national_code: national, number: lineOf(number, 70) })];
  });
}
