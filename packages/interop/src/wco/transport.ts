import { compact } from './compact.js';
import type { Container, ItineraryCountry, Location, TransportMeans } from './consignment.js';
import { all, type Element, textAt } from './element.js';
import { integerAt } from './value.js';

export function meansOf(element: Element | undefined): TransportMeans | undefined {
  if (element === undefined) return undefined;
  return compact({
    mode: textAt(element, 'ModeCode'),
    number: textAt(element, 'ID'),
    number_type: textAt(element, 'IdentificationTypeCode'),
    name: textAt(element, 'Name'),
    nationality: textAt(element, 'RegistrationNationalityCode'),
  });
}

export function containersUnder(element: Element | undefined): Container[] {
  return all(element, 'TransportEquipment').map((at) =>
    compact({
      sequence: integerAt(at, 'SequenceNumeric'),
      number: textAt(at, 'ID') ?? textAt(at, 'EquipmentIdentification', 'ID'),
      seals: all(at, 'Seal').map((seal) => compact({ sequence: integerAt(seal, 'SequenceNumeric'), number: textAt(seal, 'ID') })),
    }),
  );
}

export function itineraryUnder(element: Element | undefined): ItineraryCountry[] {
  return all(element, 'Itinerary').map((at) =>
    compact({ sequence: integerAt(at, 'SequenceNumeric'), country: textAt(at, 'RoutingCountryCode') }),
  );
}

/** A place. For the goods' location `qualifier` says how it is identified: U by UN/LOCODE, Y by authorisation. */
export function locationOf(element: Element | undefined): Location | undefined {
  if (element === undefined) return undefined;
  return compact({
    name: textAt(element, 'Name'),
    code: textAt(element, 'ID'),
    type: textAt(element, 'TypeCode'),
    qualifier: textAt(element, 'Address', 'TypeCode'),
    country: textAt(element, 'Address', 'CountryCode'),
  });
}
