/** Paths of the administration API in the form that openapi-typescript gives them. */
export interface paths {
  '/v1/peers': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': { items: Peer[] } } } };
    };
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': { configuration: string; thumbprint: string } } };
      responses: { 201: { headers: { [name: string]: unknown }; content: { 'application/json': Peer } } };
    };
  };
  '/v1/peers/{id}': {
    parameters: { query?: never; header?: never; path: { id: string }; cookie?: never };
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never };
      requestBody?: never;
      responses: { 204: { headers: { [name: string]: unknown }; content?: never } };
    };
  };
  '/v1/agreements': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody?: never;
      responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': { items: Agreement[] } } } };
    };
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never };
      requestBody: { content: { 'application/json': Record<string, unknown> } };
      responses: { 201: { headers: { [name: string]: unknown }; content: { 'application/json': Agreement } } };
    };
  };
}

export interface Peer {
  id: string;
  name: string;
  country: string;
  agency_type: string;
  thumbprint: string;
  state: string;
}

export interface Agreement {
  digest: string;
  id: string;
  version: number;
  signed_by: string[];
}
