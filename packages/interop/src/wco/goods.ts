import tariffs from '../../data/tariff-schemes.json' with { type: 'json' };
import { InteropError } from '../error.js';
import { compact } from './compact.js';
import type { GoodsLine } from './consignment.js';
import { additionalInformationUnder, documentsUnder, previousDocumentsUnder } from './documents.js';
import { all, type Element, one, textAt } from './element.js';
import { partiesUnder } from './parties.js';
import { containersUnder } from './transport.js';
import { decimalAt, integerAt, moneyAt, quantityAt } from './value.js';

const schemeByCountry: ReadonlyMap<string, string> = new Map(
  Object.entries(tariffs.codes).flatMap(([scheme, countries]) => countries.map((country): [string, string] => [country, scheme])),
);

/** Schemes under which the commodity code itself is declared; the others (TRA, GN, TRC) are additions to it. */
const commodityCodeSchemes: ReadonlySet<string | undefined> = new Set(['TSP', 'HS', 'CN', undefined]);

/** The goods lines of a shipment. Two lines with one sequence number are refused: an amendment could not tell them apart. */
export function goodsUnder(shipment: Element | undefined, country: string | undefined): GoodsLine[] {
  const seen = new Set<number>();
  return all(shipment, 'GovernmentAgencyGoodsItem').map((element) => {
    const line = goodsLineOf(element, country);
    if (seen.has(line.line_no)) throw new InteropError('bad_value', `a second goods line ${line.line_no}`, element.line, element.column);
    seen.add(line.line_no);
    return line;
  });
}

function goodsLineOf(element: Element, country: string | undefined): GoodsLine {
  const lineNo = integerAt(element, 'SequenceNumeric');
  if (lineNo === undefined || lineNo < 1) {
    throw new InteropError('missing_element', 'a goods line without its sequence number', element.line, element.column);
  }
  const commodity = one(element, 'Commodity');
  const classifications = all(commodity, 'Classification').map((at) =>
    compact({ code: textAt(at, 'ID'), scheme: textAt(at, 'IdentificationTypeCode') }),
  );
  return compact({
    line_no: lineNo,
    description: textAt(commodity, 'Description'),
    ...tariffCodes(classifications, country),
    classifications,
    tariff_quantity: quantityAt(commodity, 'GoodsMeasure', 'TariffQuantity'),
    net_mass_kg: decimalAt(commodity, 'GoodsMeasure', 'NetNetWeightMeasure') ?? decimalAt(commodity, 'GoodsMeasure', 'NetWeightMeasure'),
    gross_mass_kg: decimalAt(commodity, 'GoodsMeasure', 'GrossMassMeasure'),
    statistical_value: moneyAt(element, 'StatisticalValueAmount'),
    invoice_value: moneyAt(commodity, 'InvoiceLine', 'ItemChargeAmount'),
    customs_value: moneyAt(element, 'CustomsValueAmount'),
    packages: all(element, 'Packaging').map(packagingOf),
    origins: all(element, 'Origin').map((at) => compact({ country: textAt(at, 'CountryCode'), type: textAt(at, 'TypeCode') })),
    export_country: textAt(element, 'ExportCountry', 'ID'),
    destination_country: textAt(element, 'Destination', 'CountryCode'),
    procedures: all(element, 'GovernmentProcedure').map((at) =>
      compact({ current: textAt(at, 'CurrentCode'), previous: textAt(at, 'PreviousCode') }),
    ),
    nature_of_transaction: textAt(element, 'TransactionNatureCode'),
    parties: partiesUnder(element),
    containers: containersUnder(commodity),
    documents: documentsUnder(element),
    previous_documents: previousDocumentsUnder(element),
    additional_information: additionalInformationUnder(element),
  });
}

function packagingOf(at: Element) {
  return compact({
    sequence: integerAt(at, 'SequenceNumeric'),
    count: decimalAt(at, 'QuantityQuantity'),
    type: textAt(at, 'TypeCode'),
    marks: textAt(at, 'MarksNumbersID'),
  });
}

/**
 * Commodity code of a goods line, in the form of the national tariff and as the six digits of the Harmonized System.
 * The two digits of TRC extend the eight of the commodity code. Codes that are no digits are left to `classifications`.
 */
export function tariffCodes(
  classifications: GoodsLine['classifications'],
  country: string | undefined,
): Pick<GoodsLine, 'hs_code' | 'national_tariff_code' | 'national_tariff_scheme'> {
  const code = classifications.find((entry) => commodityCodeSchemes.has(entry.scheme))?.code;
  if (code === undefined || !/^[0-9]{6,10}$/.test(code)) return {};
  if (code.length === 6) return { hs_code: code };
  const taric = classifications.find((entry) => entry.scheme === 'TRC')?.code;
  const extended = code.length === 8 && taric !== undefined && /^[0-9]{2}$/.test(taric) ? code + taric : code;
  return {
    hs_code: code.slice(0, 6),
    national_tariff_code: extended,
    national_tariff_scheme: schemeByCountry.get(country ?? '') ?? 'OTHER',
  };
}
