import { InteropError } from '../error.js';
import { compact } from './compact.js';
import type { Consignment } from './consignment.js';
import type { Declaration, Direction, PointerPath } from './declaration.js';
import { additionalInformationUnder, documentsUnder, previousDocumentsUnder } from './documents.js';
import { all, type Element, one, requiredText, textAt } from './element.js';
import { functionOf } from './function.js';
import { goodsUnder } from './goods.js';
import { partiesUnder } from './parties.js';
import { containersUnder, itineraryUnder, locationOf, meansOf } from './transport.js';
import { dateAt, decimalAt, integerAt, moneyAt } from './value.js';
import { parseXml } from './xml.js';

/**
 * Reads one declaration, amendment or cancellation in the WCO data model: plain, under MetaData, or in an envelope around that.
 * Pure and total: every text gives a Declaration or an `InteropError` with code, place and reason.
 */
export function readDeclaration(xml: string): Declaration {
  const root = parseXml(xml);
  const element = theOnly(wcoElements(root, 'Declaration'), root);
  const country = wcoElements(root, 'ResponsibleCountryCode')[0]?.text;
  const type = requiredText(element, 'TypeCode');
  const purpose = functionOf(one(element, 'FunctionCode') ?? element, type);
  const consignment = consignmentOf(element, country);
  const reasons = all(element, 'Amendment');
  return compact({
    function: purpose,
    country,
    direction: directionOf(type, consignment),
    type,
    mrn: textAt(element, 'ID'),
    lrn: textAt(element, 'FunctionalReferenceID'),
    ids: consignmentReferences(element, consignment),
    issued: dateAt(element, 'IssueDateTime') ?? dateAt(element, 'AcceptanceDateTime'),
    reason: purpose === 'new' ? undefined : textAt(all(element, 'AdditionalInformation')[0], 'StatementDescription'),
    reason_codes: reasons.flatMap((at) => textAt(at, 'ChangeReasonCode') ?? []),
    amendments: reasons.flatMap((at) => pointerPathOf(at) ?? []),
    // What an amendment says at its head is about the amendment, not about the goods.
    consignment: purpose === 'new' ? consignment : { ...consignment, additional_information: [] },
  });
}

const wcoNamespace = /^urn:wco:datamodel:/;

/** Elements of the data model by name, in whatever envelope, none inside another. */
function wcoElements(root: Element, name: string): Element[] {
  if (root.name === name && wcoNamespace.test(root.namespace)) return [root];
  return root.children.flatMap((child) => wcoElements(child, name));
}

function theOnly([first, second]: Element[], root: Element): Element {
  if (first === undefined) {
    throw new InteropError('not_a_declaration', 'there is no Declaration of the WCO data model', root.line, root.column);
  }
  if (second !== undefined) throw new InteropError('several_declarations', 'a second Declaration', second.line, second.column);
  return first;
}

function consignmentOf(element: Element, country: string | undefined): Consignment {
  const shipment = one(element, 'GoodsShipment');
  const outer = one(element, 'Consignment');
  const inner = one(shipment, 'Consignment');
  return compact({
    goods: goodsUnder(shipment, country),
    parties: [element, outer, shipment, inner].flatMap(partiesUnder),
    border: meansOf(one(element, 'BorderTransportMeans') ?? one(inner, 'BorderTransportMeans')),
    departure: meansOf(one(inner, 'DepartureTransportMeans')),
    arrival: meansOf(one(inner, 'ArrivalTransportMeans')),
    containers: containersUnder(inner),
    itinerary: [...itineraryUnder(outer), ...itineraryUnder(inner)],
    export_country: textAt(shipment, 'ExportCountry', 'ID'),
    destination_country: textAt(shipment, 'Destination', 'CountryCode'),
    exit_office: textAt(element, 'ExitOffice', 'ID'),
    loading_location: locationOf(one(inner, 'LoadingLocation')),
    unloading_location: locationOf(one(inner, 'UnloadingLocation')),
    goods_location: locationOf(one(inner, 'GoodsLocation')),
    invoice: moneyAt(element, 'InvoiceAmount'),
    total_packages: decimalAt(element, 'TotalPackageQuantity'),
    total_gross_mass_kg: decimalAt(element, 'TotalGrossMassMeasure'),
    nature_of_transaction: textAt(shipment, 'TransactionNatureCode'),
    trade_terms: tradeTermsOf(one(shipment, 'TradeTerms')),
    documents: [...documentsUnder(element), ...documentsUnder(shipment)],
    previous_documents: [...previousDocumentsUnder(element), ...previousDocumentsUnder(shipment), ...previousDocumentsUnder(inner)],
    additional_information: [...additionalInformationUnder(element), ...additionalInformationUnder(shipment)],
    authorisations: all(element, 'AuthorisationHolder').map((at) =>
      compact({ type: textAt(at, 'CategoryCode'), holder: textAt(at, 'ID') }),
    ),
  });
}

function tradeTermsOf(element: Element | undefined): Consignment['trade_terms'] {
  if (element === undefined) return undefined;
  return compact({ condition: textAt(element, 'ConditionCode'), location: textAt(element, 'LocationID') });
}

/** UCR of the shipment, and the DUCR and MUCR that the United Kingdom declares as previous documents. */
function consignmentReferences(element: Element, consignment: Consignment): string[] {
  const ucr = one(element, 'GoodsShipment', 'UCR');
  const stated = [textAt(ucr, 'ID'), textAt(ucr, 'TraderAssignedReferenceID')];
  const previous = consignment.previous_documents
    .filter((entry) => entry.type === 'DCR' || entry.type === 'MCR')
    .map((entry) => entry.number);
  return [...new Set([...stated, ...previous].filter((id) => id !== undefined))];
}

const directionByType: ReadonlyMap<string, Direction> = new Map([
  ['EX', 'export'],
  ['IM', 'import'],
  ['T', 'transit'],
  ['T1', 'transit'],
  ['T2', 'transit'],
  ['TI', 'transit'],
]);

/** The first two letters of the type; trade with special territories (CO) and others go by the procedure: 1, 2 and 3 lead out. */
function directionOf(type: string, consignment: Consignment): Direction | undefined {
  const stated = directionByType.get(type.slice(0, 2));
  if (stated !== undefined) return stated;
  const procedure = consignment.goods.flatMap((line) => line.procedures).find((entry) => entry.previous !== undefined)?.current;
  if (procedure === undefined) return undefined;
  return /^[123]/.test(procedure) ? 'export' : 'import';
}

function pointerPathOf(amendment: Element): PointerPath | undefined {
  const pointers = all(amendment, 'Pointer');
  const first = pointers[0];
  if (first === undefined) return undefined;
  return compact({
    steps: pointers.map((at) => compact({ section: requiredText(at, 'DocumentSectionCode'), sequence: integerAt(at, 'SequenceNumeric') })),
    tag: textAt(pointers.at(-1), 'TagID'),
    line: first.line,
    column: first.column,
  });
}
