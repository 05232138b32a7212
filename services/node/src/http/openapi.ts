/** The head of the OpenAPI document; the routes are the rest of it. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { withExamples } from './examples.js';

export const apiDescription: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: "Entente: a node's agency, administration and audit API",
      version: '1.0.0',
      description: [
        "For an agency's own officers, machines, administrator and auditors. Partner agencies use another listener and another protocol.",
        'Every refusal is a problem document (RFC 9457) with a `code` from one closed list. Every read of content names a purpose and a justification, and is in the access log before it is answered.',
        'One 404 answers for what is unknown and for what is not for the caller.',
      ].join('\n\n'),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as never,
    },
    servers: [{ url: 'http://127.0.0.1:8080', description: 'The agency listener as configured.' }],
    security: [{ bearer: [] }],
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "A token of the agency's OpenID Connect provider, with pseudonym, roles and unit.",
        },
      },
    },
    tags: [
      { name: 'Statements', description: 'Post, list, read.' },
      { name: 'Drafts', description: 'Written by one officer, released by another.' },
      { name: 'Single releases', description: 'Released by one officer alone in an emergency, confirmed or recalled.' },
      { name: 'Declarations', description: 'Customs declarations and the shipments they describe.' },
      { name: 'Watch lists', description: 'What officers wait for.' },
      { name: 'Inbox', description: 'What partners released to this node.' },
      { name: 'Attachments', description: 'Photographs and documents that belong to a statement.' },
      { name: 'Onward sharing', description: 'Passing on what a partner gave, with the consent of its originator.' },
      { name: 'Recalls', description: 'Taking back and correcting what was sent, and obeying when a partner does.' },
      { name: 'Answers', description: 'How what asks for an answer was answered: refused, or not at all.' },
      {
        name: 'Data subjects',
        description: 'Persons who ask what is held about them: the register, the search, the originator, the answer.',
      },
      { name: 'Retention', description: 'What has come to its end, what is held nevertheless, and what was erased.' },
      { name: 'Delivery', description: 'How the exchange with each partner stands, and what did not go through.' },
      { name: 'Notifications', description: 'What happens, told without being asked.' },
      { name: 'Federation', description: 'Partners and agreements.' },
      { name: 'Agreements', description: 'Drafted, proposed, countersigned, suspended, denounced.' },
      { name: 'Administration', description: 'Acts of the administrator.' },
      { name: 'Audit', description: 'What proves the past of this node.' },
      { name: 'Catalogue', description: 'Kinds of statement and code lists.' },
      { name: 'Operation', description: 'Health, and this description.' },
    ],
  },
  // A wildcard has no name of its own in an address, and none that OpenAPI knows.
  transform: ({ schema, url }) => ({ schema: (url.endsWith('/*') ? named(schema) : schema) as never, url: url.replace(/\*$/, ':path') }),
  refResolver: { buildLocalReference: (json, _base, _fragment, index) => (typeof json.$id === 'string' ? json.$id : `def-${index}`) },
  transformObject: (document) => withExamples('openapiObject' in document ? document.openapiObject : document.swaggerObject),
  hideUntagged: true,
};

function named(schema: { params?: unknown } | undefined): object {
  const { properties, required, ...rest } = schema!.params as { properties: Record<string, object>; required: string[] };
  const rename = (name: string) => (name === '*' ? 'path' : name);
  const params = {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [rename(name), property])),
    required: required.map(rename),
  };
  return { ...schema, params };
}
