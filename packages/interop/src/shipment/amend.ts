import { InteropError } from '../error.js';
import type { Declaration } from '../wco/declaration.js';
import { tariffCodes } from '../wco/goods.js';
import { mergeInto } from './merge.js';
import { applyPointers } from './pointers.js';
import { changed, type Shipment } from './shipment.js';

/**
 * The shipment after an amendment. Where the amendment points at what it changes, exactly that is taken from it, and removed where it carries nothing
 * there; where it points at nothing, what it carries is merged. Throws `wrong_target`, `already_cancelled`, or `unknown_pointer` with its place.
 */
export function applyAmendment(shipment: Shipment, declaration: Declaration): Shipment {
  const amended = structuredClone(changed(shipment, declaration, 'amend', 'amended'));
  if (declaration.amendments.length > 0) applyPointers(amended, declaration);
  else mergeInto(amended, declaration.consignment);
  return withTariffCodes(amended);
}

/** Commodity codes again, for an amendment changes the classifications that they are read from. */
function withTariffCodes(shipment: Shipment): Shipment {
  const goods = shipment.goods.map(({ hs_code, national_tariff_code, national_tariff_scheme, ...line }) => ({
    ...line,
    ...tariffCodes(line.classifications, shipment.country),
  }));
  const numbers = new Set(goods.map((line) => line.line_no));
  if (numbers.size < goods.length) throw new InteropError('bad_value', 'the amendment gives two goods lines one number');
  return { ...shipment, goods };
}
