/** A small export declaration in the WCO data model. Every party, vessel and number is invented. */
export function declaration({ id, licence }: { id: string; licence: boolean }): string {
  const document = `
        <AdditionalDocument>
          <CategoryCode>X</CategoryCode>
          <ID>NL-DEMO-0301</ID>
          <TypeCode>002</TypeCode>
        </AdditionalDocument>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">
  <md:WCODataModelVersionCode>3.6</md:WCODataModelVersionCode>
  <md:WCOTypeName>DEC</md:WCOTypeName>
  <Declaration>
    <FunctionCode>9</FunctionCode>
    <FunctionalReferenceID>REF-${id}</FunctionalReferenceID>
    <ID>${id}</ID>
    <TypeCode>EXA</TypeCode>
    <GoodsItemQuantity>1</GoodsItemQuantity>
    <Exporter>
      <Name>Kestrel Composites Demo BV</Name>
      <ID>NLDEMOKESTREL01</ID>
    </Exporter>
    <GoodsShipment>
      <Destination>
        <CountryCode>QM</CountryCode>
      </Destination>
      <GovernmentAgencyGoodsItem>
        <SequenceNumeric>1</SequenceNumeric>${licence ? document : ''}
        <Commodity>
          <Description>${licence ? 'Carbon fibre tow' : 'Tulip bulbs'}</Description>
          <Classification>
            <ID>${licence ? '68151100' : '06011030'}</ID>
            <IdentificationTypeCode>TSP</IdentificationTypeCode>
          </Classification>
        </Commodity>
      </GovernmentAgencyGoodsItem>
    </GoodsShipment>
  </Declaration>
</md:MetaData>
`;
}
