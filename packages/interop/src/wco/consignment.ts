import type { Money, Quantity } from './value.js';

/**
 * What a declaration says about the goods and their way, in our own neutral form. JSON, `snake_case`; decimals are strings as declared, masses are in
 * kilograms, countries ISO 3166-1 alpha-2. Nothing is corrected: identifiers stand as they were seen. A member that was not declared is absent.
 */
export interface Consignment {
  goods: GoodsLine[];
  parties: Party[];
  border?: TransportMeans;
  departure?: TransportMeans;
  arrival?: TransportMeans;
  containers: Container[];
  itinerary: ItineraryCountry[];
  export_country?: string;
  destination_country?: string;
  exit_office?: string;
  loading_location?: Location;
  unloading_location?: Location;
  goods_location?: Location;
  invoice?: Money;
  total_packages?: string;
  total_gross_mass_kg?: string;
  nature_of_transaction?: string;
  trade_terms?: { condition?: string; location?: string };
  documents: DeclaredDocument[];
  previous_documents: PreviousDocument[];
  additional_information: AdditionalInformation[];
  authorisations: { type?: string; holder?: string }[];
}

export interface GoodsLine {
  line_no: number;
  description?: string;
  /** First six digits of the commodity code. */
  hs_code?: string;
  national_tariff_code?: string;
  /** Tariff of the country whose authority is declared to: `TARIC`, `UKGT`, `JP`, or `OTHER`. */
  national_tariff_scheme?: string;
  classifications: { code?: string; scheme?: string }[];
  tariff_quantity?: Quantity;
  net_mass_kg?: string;
  gross_mass_kg?: string;
  statistical_value?: Money;
  invoice_value?: Money;
  customs_value?: Money;
  packages: { sequence?: number; count?: string; type?: string; marks?: string }[];
  origins: { country?: string; type?: string }[];
  export_country?: string;
  destination_country?: string;
  /** Requested and previous procedure, or an additional procedure, which has no previous one. */
  procedures: { current?: string; previous?: string }[];
  nature_of_transaction?: string;
  parties: Party[];
  containers: Container[];
  documents: DeclaredDocument[];
  previous_documents: PreviousDocument[];
  additional_information: AdditionalInformation[];
}

/** `code` is category and type joined, for instance `X002`; `status` the exemption or status code; `write_off` what is taken off the document. */
export interface DeclaredDocument {
  code: string;
  number?: string;
  name?: string;
  status?: string;
  write_off?: { quantity?: Quantity; value?: Money };
}

/** `category` says what the document is to the declaration (X, Y, Z), `type` which document: a transport document, a declaration. */
export interface PreviousDocument {
  category?: string;
  type?: string;
  number?: string;
  line_no?: number;
}

export interface AdditionalInformation {
  code?: string;
  text?: string;
  type?: string;
}

export interface Party {
  /** Code of domain role, for instance `CONSIGNEE`. */
  role: string;
  name?: string;
  /** Identification number as declared, an EORI in the Union and the United Kingdom. */
  number?: string;
  address?: Address;
  contacts?: string[];
  communications?: { number?: string; type?: string }[];
}

export interface Address {
  lines?: string[];
  city?: string;
  region?: string;
  postcode?: string;
  country?: string;
}

/** `mode` is UN/ECE Rec 19; `number_type` says what `number` is (10 ship's IMO number, 11 its name, 30 registration, 40 flight, 41 aircraft). */
export interface TransportMeans {
  mode?: string;
  number?: string;
  number_type?: string;
  name?: string;
  nationality?: string;
}

export interface Container {
  sequence?: number;
  number?: string;
  seals: { sequence?: number; number?: string }[];
}

export interface ItineraryCountry {
  sequence?: number;
  country?: string;
}

export interface Location {
  name?: string;
  code?: string;
  type?: string;
  qualifier?: string;
  country?: string;
}
