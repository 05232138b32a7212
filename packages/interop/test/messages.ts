/** Messages for the tests, of invented parties, in the WCO data model. */

const namespaces = 'xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"';

export const message = (declaration: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<md:MetaData ${namespaces}><md:ResponsibleCountryCode>NL</md:ResponsibleCountryCode>
<Declaration>${declaration}</Declaration></md:MetaData>`;

export const licenceDocument = `<AdditionalDocument><CategoryCode>X</CategoryCode><ID>NL-DEMO-0001</ID><Name>Authorisation</Name><TypeCode>002</TypeCode>
<LPCOExemptionCode>AE</LPCOExemptionCode><WriteOff><QuantityQuantity unitCode="KGM#G">900.00</QuantityQuantity><AmountAmount currencyID="EUR">5</AmountAmount></WriteOff></AdditionalDocument>`;

export const goodsLine = (number: number, more = licenceDocument, code = '68151100'): string => `<GovernmentAgencyGoodsItem>
<SequenceNumeric>${number}</SequenceNumeric><StatisticalValueAmount currencyID="EUR">76000</StatisticalValueAmount>${more}
<Commodity><Description>Carbon fibre tow, 12K</Description><Classification><ID>${code}</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></Classification>
<Classification><ID>90</ID><IdentificationTypeCode>TRC</IdentificationTypeCode></Classification>
<GoodsMeasure><GrossMassMeasure>960</GrossMassMeasure><NetNetWeightMeasure>0900</NetNetWeightMeasure></GoodsMeasure>
<InvoiceLine><ItemChargeAmount currencyID="EUR">76500.00</ItemChargeAmount></InvoiceLine></Commodity>
<GovernmentProcedure><CurrentCode>10</CurrentCode><PreviousCode>00</PreviousCode></GovernmentProcedure>
<Origin><CountryCode>NL</CountryCode><TypeCode>1</TypeCode></Origin>
<Packaging><SequenceNumeric>1</SequenceNumeric><MarksNumbersID>KC</MarksNumbersID><QuantityQuantity>18</QuantityQuantity><TypeCode>RO</TypeCode></Packaging>
</GovernmentAgencyGoodsItem>`;

export const exportHead = `<FunctionCode>9</FunctionCode><FunctionalReferenceID>KC-1</FunctionalReferenceID><ID>26NLTEST00000001A1</ID>
<IssueDateTime><DateTimeString formatCode="304">20260302091000+01</DateTimeString></IssueDateTime><TypeCode>EXA</TypeCode>
<InvoiceAmount currencyID="EUR">76500.00</InvoiceAmount><TotalPackageQuantity>18</TotalPackageQuantity>`;

export const exportShipment = `<Agent><FunctionCode>2</FunctionCode></Agent>
<AuthorisationHolder><ID>NL001</ID><CategoryCode>SDE</CategoryCode></AuthorisationHolder>
<BorderTransportMeans><Name>DEMO HALCYON TERN</Name><ID>1234567</ID><IdentificationTypeCode>10</IdentificationTypeCode>
<RegistrationNationalityCode>QN</RegistrationNationalityCode><ModeCode>1</ModeCode></BorderTransportMeans>
<Consignment><Carrier><Name>Halcyon Lines Demo Ltd</Name></Carrier><Itinerary><SequenceNumeric>1</SequenceNumeric><RoutingCountryCode>NL</RoutingCountryCode></Itinerary>
<Itinerary><SequenceNumeric>2</SequenceNumeric><RoutingCountryCode>QP</RoutingCountryCode></Itinerary></Consignment>
<Declarant><Name>Kestrel Composites Demo BV</Name><ID>NL000000001</ID></Declarant>
<ExitOffice><ID>NL000396</ID></ExitOffice>
<Exporter><Name>Kestrel Composites Demo BV</Name><ID>NL000000001</ID><Address><CityName>Demostad</CityName><CountryCode>NL</CountryCode><Line>Kade 1</Line>
<PostcodeID>1000 AA</PostcodeID></Address><Contact><Name>Mr Tavi Orlo</Name></Contact><Communication><ID>+31000000000</ID><TypeCode>TE</TypeCode></Communication></Exporter>`;

export const shipmentParts = `<Consignee><Name>Orchid Gate Logistics FZ Demo</Name><Address><CityName>Port Merov</CityName><CountryCode>QM</CountryCode></Address></Consignee>
<Consignment><ContainerCode>1</ContainerCode><DepartureTransportMeans><ID>ZZ-00-ZZ</ID><IdentificationTypeCode>30</IdentificationTypeCode></DepartureTransportMeans>
<GoodsLocation><Name>Quay 7</Name><TypeCode>A</TypeCode><Address><TypeCode>U</TypeCode><CountryCode>NL</CountryCode></Address></GoodsLocation>
<LoadingLocation><ID>NLRTM</ID></LoadingLocation><UnloadingLocation><Name>Port Merov Free Zone</Name><Address><CountryCode>QM</CountryCode></Address></UnloadingLocation>
<TransportEquipment><SequenceNumeric>1</SequenceNumeric><ID>ZZZU1234564</ID><Seal><SequenceNumeric>1</SequenceNumeric><ID>SEAL-1</ID></Seal></TransportEquipment>
<TransportEquipment><SequenceNumeric>2</SequenceNumeric><EquipmentIdentification><ID>ZZZU2048179</ID></EquipmentIdentification></TransportEquipment></Consignment>
<Destination><CountryCode>QM</CountryCode></Destination><ExportCountry><ID>NL</ID></ExportCountry>
<PreviousDocument><CategoryCode>Z</CategoryCode><ID>6NL000000001-KC1</ID><TypeCode>DCR</TypeCode></PreviousDocument>
<PreviousDocument><CategoryCode>X</CategoryCode><ID>DEMO26030177</ID><TypeCode>705</TypeCode></PreviousDocument>
<TradeTerms><ConditionCode>FOB</ConditionCode><LocationID>NLRTM</LocationID></TradeTerms><UCR><TraderAssignedReferenceID>UCR-1</TraderAssignedReferenceID></UCR>`;

export const exportMessage = (goods = goodsLine(1)): string =>
  message(`${exportHead}${exportShipment}<GoodsShipment>${shipmentParts}${goods}</GoodsShipment>`);

const pointers = (...steps: string[]): string =>
  steps
    .map((step) => {
      const [section, sequence = '1', tag] = step.split('#');
      const tagId = tag === undefined ? '' : `<TagID>${tag}</TagID>`;
      return `<Pointer><SequenceNumeric>${sequence}</SequenceNumeric><DocumentSectionCode>${section}</DocumentSectionCode>${tagId}</Pointer>`;
    })
    .join('');

/** @param paths each a list of `section#sequence#tag` */
export const amendment = (paths: string[][], content: string): string =>
  message(`<FunctionCode>13</FunctionCode><FunctionalReferenceID>KC-1</FunctionalReferenceID><ID>26NLTEST00000001A1</ID><TypeCode>COR</TypeCode>
<AdditionalInformation><StatementDescription>Wrong at first</StatementDescription><StatementTypeCode>AES</StatementTypeCode></AdditionalInformation>
${paths.map((path) => `<Amendment><ChangeReasonCode>25</ChangeReasonCode>${pointers(...path)}</Amendment>`).join('')}${content}`);

export const cancellation = (mrn = '26NLTEST00000001A1'): string =>
  message(`<FunctionCode>13</FunctionCode><FunctionalReferenceID>KC-1</FunctionalReferenceID><ID>${mrn}</ID><TypeCode>INV</TypeCode>
<AdditionalInformation><StatementDescription>Lodged twice</StatementDescription></AdditionalInformation><Amendment><ChangeReasonCode>1</ChangeReasonCode></Amendment>`);
