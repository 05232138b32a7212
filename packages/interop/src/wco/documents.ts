import { compact } from './compact.js';
import type { AdditionalInformation, DeclaredDocument, PreviousDocument } from './consignment.js';
import { all, type Element, one, textAt } from './element.js';
import { integerAt, moneyAt, quantityAt } from './value.js';

/** Documents, certificates and authorisations produced with a declaration or a goods line (data element 2/3). */
export function documentsUnder(element: Element | undefined): DeclaredDocument[] {
  return all(element, 'AdditionalDocument').map((at) =>
    compact({
      code: `${textAt(at, 'CategoryCode') ?? ''}${textAt(at, 'TypeCode') ?? ''}`,
      number: textAt(at, 'ID'),
      name: textAt(at, 'Name'),
      status: textAt(at, 'LPCOExemptionCode'),
      write_off: writeOffOf(one(at, 'WriteOff')),
    }),
  );
}

function writeOffOf(element: Element | undefined): DeclaredDocument['write_off'] {
  if (element === undefined) return undefined;
  return compact({ quantity: quantityAt(element, 'QuantityQuantity'), value: moneyAt(element, 'AmountAmount') });
}

/** Previous documents (data element 2/1); in the plain data model transport documents stand apart, here they are the same list. */
export function previousDocumentsUnder(element: Element | undefined): PreviousDocument[] {
  return ['PreviousDocument', 'TransportContractDocument'].flatMap((name) =>
    all(element, name).map((at) =>
      compact({
        category: textAt(at, 'CategoryCode'),
        type: textAt(at, 'TypeCode'),
        number: textAt(at, 'ID'),
        line_no: integerAt(at, 'LineNumeric'),
      }),
    ),
  );
}

export function additionalInformationUnder(element: Element | undefined): AdditionalInformation[] {
  return all(element, 'AdditionalInformation').map((at) =>
    compact({ code: textAt(at, 'StatementCode'), text: textAt(at, 'StatementDescription'), type: textAt(at, 'StatementTypeCode') }),
  );
}
