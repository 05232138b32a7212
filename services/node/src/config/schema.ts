/** The configuration file of a node. One schema: it checks the file, names the environment variables, and is the reference that operators read. */
import { codesOf } from '@entente/statement';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const file = (description: string) =>
  Type.String({ minLength: 1, description: `${description} A path, relative to the configuration file.` });
const host = (fallback: string, description: string) => Type.String({ minLength: 1, maxLength: 255, default: fallback, description });
const port = (fallback: number) =>
  Type.Integer({ minimum: 0, maximum: 65535, default: fallback, description: 'TCP port. 0 takes a free one and logs it.' });
const seconds = (fallback: number, maximum: number, description: string) =>
  Type.Integer({ minimum: 1, maximum, default: fallback, description: `${description} Seconds.` });

const claims = Type.Object(
  {
    pseudonym: Type.String({
      minLength: 1,
      default: 'sub',
      description: 'Claim with the stable pseudonym of the person or machine. It stands in the access log; names stay in the agency.',
    }),
    client: Type.String({
      minLength: 1,
      default: 'client_id',
      description:
        "Claim with the id of the client, where a machine's token (client credentials) has no pseudonym. It stands in the access log as client:<id>.",
    }),
    roles: Type.String({
      minLength: 1,
      default: 'entente_roles',
      description: 'Claim with one role or a list of roles. A dotted path reaches into objects: realm_access.roles.',
    }),
    unit: Type.String({ minLength: 1, default: 'unit', description: 'Claim with the unit of the agency.' }),
  },
  { ...closed, default: {}, description: 'Which claims of the token say who somebody is.' },
);

const issuer = Type.Object(
  {
    issuer: Type.String({
      minLength: 8,
      maxLength: 500,
      description: 'The value of `iss`, and where the discovery document is found. https, or http on this machine only.',
    }),
    audience: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'The value that `aud` must contain. A token made for another service is refused.',
    }),
    jwks_path: Type.Optional(
      Type.String({ minLength: 1, description: 'Path of the key set below the issuer, where there is no discovery document.' }),
    ),
    algorithms: Type.Array(Type.Enum(['ES256', 'EdDSA', 'RS256', 'PS256']), {
      minItems: 1,
      uniqueItems: true,
      default: ['ES256', 'EdDSA', 'PS256', 'RS256'],
      description: 'Signature algorithms that this issuer uses. EdDSA means Ed25519.',
    }),
    claims,
    roles: Type.Record(Type.String(), Type.String(), {
      default: {},
      description:
        "The agency's own names of roles or groups -> roles of this node. Names that are not listed count only if they are roles of this node.",
    }),
  },
  closed,
);

const localIssuer = Type.Object(
  {
    issuer: Type.String({ minLength: 1, maxLength: 500, default: 'urn:entente:local', description: 'The value of `iss` in its tokens.' }),
    key_file: file('Private key (JWK, ES256) that `entente token` signs with.'),
    audience: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'The value that `aud` must contain. By default the entity id.' }),
    ),
  },
  { ...closed, description: 'Tokens made on this machine, for trials. Refused when NODE_ENV is production.' },
);

export const configSchema = Type.Object(
  {
    entity_id: Type.String({
      pattern: '^https://',
      maxLength: 255,
      description: 'The https URL that names this agency for ever. Without query, fragment, or trailing slash.',
    }),
    organization: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 200, description: 'How partners see the agency.' }),
        country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2, for instance NL.' }),
        agency_type: Type.Enum(['CUS', 'LIC', 'POL', 'FIU', 'INT', 'SAN', 'JUD', 'MAR', 'REG', 'AUD', 'TRN'], {
          description: 'What kind of authority this is; it decides which kinds of statement the agency may send.',
        }),
      },
      closed,
    ),
    agency: Type.Object(
      {
        host: host('127.0.0.1', "Address for the agency's own officers, machines and auditors. Anything but this machine needs `tls`."),
        port: port(8080),
        tls: Type.Optional(
          Type.Object(
            { certificate_file: file('Certificate chain, PEM.'), key_file: file('Private key, PEM.') },
            { ...closed, description: 'TLS of the agency listener.' },
          ),
        ),
      },
      { ...closed, default: {}, description: "The agency's own side: agency, administration and audit API." },
    ),
    federation: Type.Object(
      {
        host: host('0.0.0.0', 'Address on which partner agencies connect: TLS 1.3 with client certificates, always.'),
        port: port(8443),
        public_url: Type.String({ pattern: '^https://', maxLength: 255, description: 'URL under which partners reach that port.' }),
      },
      { ...closed, description: "The partners' side." },
    ),
    database: Type.Object(
      {
        url_file: file(
          'File with the address of the application role, postgres://user:password@host/database. This role cannot change history.',
        ),
        owner_url_file: Type.Optional(
          file('File with the address of the owner role, for `migrate` only. Keep it off the machine that serves where you can.'),
        ),
        pool_size: Type.Integer({ minimum: 1, maximum: 200, default: 10, description: 'Connections of one process.' }),
      },
      closed,
    ),
    keys: Type.Object({ folder: file("Folder with this agency's private keys and TLS certificate.") }, closed),
    kek_file: file('Key-encryption key, 32 bytes, of the content keys. Keep it out of every backup of the database.'),
    token_key_file: file('Key, 32 bytes, of the search tokens. Keep it out of every backup of the database.'),
    entity_configuration_file: file("This agency's signed entity configuration."),
    issuers: Type.Array(issuer, {
      default: [],
      maxItems: 20,
      description: 'OpenID Connect issuers whose tokens open the agency listener.',
    }),
    local_issuer: Type.Optional(localIssuer),
    clock_tolerance_seconds: Type.Integer({
      minimum: 0,
      maximum: 300,
      default: 30,
      description: "How far an issuer's clock may differ. Seconds.",
    }),
    checkpoint_interval_seconds: seconds(600, 86_400, 'How often a checkpoint of the log is cut for the peers.'),
    merge_delay_seconds: seconds(3600, 604_800, 'By when a receipt must be under a published checkpoint, and a release on a page.'),
    long_poll_seconds: seconds(50, 600, 'How long a poll without news is held open.'),
    witnessing: Type.Object(
      {
        quorum: Type.Integer({
          minimum: 0,
          maximum: 100,
          default: 0,
          description:
            'How many partners must have cosigned each checkpoint before the next one is cut; if fewer have, it is a trouble. 0 asks for none.',
        }),
        neutral: Type.Array(Type.String({ pattern: '^https://', maxLength: 255 }), {
          default: [],
          maxItems: 100,
          uniqueItems: true,
          description:
            'Entity ids of partners that are known to all others as witnesses: needed where fewer than four exchange with each other.',
        }),
      },
      { ...closed, default: {}, description: 'How partners vouch for the log of this node.' },
    ),
    clock_interval_seconds: seconds(60, 3600, 'How often the node looks for what has come to its end: retention, exceptions, quarantine.'),
    recall_erasure: Type.Enum(['automatic', 'officer'], {
      default: 'automatic',
      description:
        'When a partner recalls what it gave and asks to destroy it: at once, or when an officer has said so. Its use stops at once in both cases.',
    }),
    erasure_horizon_days: Type.Integer({
      minimum: 1,
      maximum: 90,
      default: 30,
      description:
        'After so many days the key-encryption key is replaced and destroyed: no backup gives back what was erased before. Keep backups no longer.',
    }),
    kek_settle_seconds: Type.Integer({
      minimum: 0,
      maximum: 3600,
      default: 60,
      description:
        'How long a replaced key-encryption key is still kept, until every process of the agency has taken up the new one. Seconds.',
    }),
    single_release: Type.Boolean({
      default: false,
      description:
        'In an emergency one officer with the role CONTACT_POINT_24_7 or HEAD may release alone what he wrote, if its urgency is IMMEDIATE. Another officer must confirm it within the time of the list `deadline` (single_release.confirm), or it is recalled.',
    }),
    refused_kinds: Type.Array(Type.String({ pattern: '^[a-z][a-z_]{1,39}$' }), {
      default: [],
      maxItems: 64,
      uniqueItems: true,
      description:
        'Kinds of statement that this agency does not take, whatever agreements say. Partners are told, nothing of such a release is downloaded, and each is answered with a signed refusal (kind_refused), which is final.',
    }),
    classification: Type.Object(
      {
        ceiling: Type.Enum(['NONE', 'RESTRICTED', 'CONFIDENTIAL', 'SECRET', 'TOP_SECRET'], {
          default: 'RESTRICTED',
          description: 'The highest classification that this node may carry. Anything above RESTRICTED needs `accreditation`.',
        }),
        accreditation: Type.Optional(
          Type.String({ minLength: 3, maxLength: 200, description: 'Reference of the accreditation of this installation.' }),
        ),
      },
      { ...closed, default: {}, description: 'What is classified higher is written nowhere here, neither sent nor taken in.' },
    ),
    exercise: Type.Boolean({ default: false, description: 'A training installation: only exercise statements may be written here.' }),
    log_level: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      default: 'info',
      description: 'What the node tells about itself. Never content.',
    }),
    attachments: Type.Object(
      {
        maximum_bytes: Type.Integer({
          minimum: 1024,
          maximum: 1_099_511_627_776,
          default: 2_147_483_648,
          description: 'The largest attachment that is taken in, from officers or partners. Bytes.',
        }),
        media_types: Type.Optional(
          Type.Array(Type.Enum(codesOf('media-type')), {
            minItems: 1,
            uniqueItems: true,
            description: 'Types that are taken in; by default all of the code list `media-type`.',
          }),
        ),
      },
      { ...closed, default: {}, description: 'Photographs, scans and documents that statements name.' },
    ),
    webhooks: Type.Object(
      {
        private_addresses: Type.Boolean({
          default: false,
          description: 'True where systems that are told by webhooks have addresses of private networks. Link-local ones are never used.',
        }),
        give_up_days: Type.Integer({
          minimum: 1,
          maximum: 30,
          default: 3,
          description:
            'After so many days of failing a webhook is given up, until somebody sets it to active again. It goes on where it was.',
        }),
      },
      { ...closed, default: {}, description: "How the agency's own systems are told what happens." },
    ),
    metrics: Type.Optional(
      Type.Object(
        {
          host: host('127.0.0.1', 'Address on which Prometheus reads /metrics. Anything but this machine needs `token_file`.'),
          port: port(9464),
          token_file: Type.Optional(file('File with the bearer token that Prometheus must show.')),
        },
        {
          ...closed,
          description: 'Where the node is measured. Absent: nowhere. The numbers name partners and how much goes to them, never content.',
        },
      ),
    ),
    limits: Type.Object(
      {
        body_bytes: Type.Integer({
          minimum: 65_536,
          maximum: 67_108_864,
          default: 1_048_576,
          description: 'The largest JSON body on the agency listener. Bytes.',
        }),
        declaration_bytes: Type.Integer({
          minimum: 65_536,
          maximum: 67_108_864,
          default: 8_388_608,
          description: 'The largest declaration. Bytes.',
        }),
        requests_per_minute: Type.Integer({
          minimum: 10,
          maximum: 10_000_000,
          default: 6000,
          description: 'Requests of one address on the agency listener within a minute.',
        }),
        officer_requests_per_minute: Type.Integer({
          minimum: 10,
          maximum: 10_000_000,
          default: 6000,
          description: 'Requests of one officer or machine on the agency listener within a minute, from whatever address.',
        }),
        peer_requests_per_minute: Type.Integer({
          minimum: 60,
          maximum: 10_000_000,
          default: 1800,
          description:
            'Requests of one partner on the federation listener within a minute, long polls included. What comes faster waits a moment for its turn; a poll then brings more.',
        }),
        connections_per_minute: Type.Integer({
          minimum: 60,
          maximum: 10_000_000,
          default: 1200,
          description:
            'New connections of one address on the federation listener within a minute. Raise it where all partners come through one address.',
        }),
      },
      { ...closed, default: {}, description: 'What one caller, officer or partner may ask of this node.' },
    ),
  },
  { ...closed, $id: 'entente-configuration', title: 'Configuration of an Entente node' },
);

type DeepReadonly<T> = T extends (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** As loaded: checked, with every default filled in, paths absolute, frozen. Member names are those of the file. */
export type Config = DeepReadonly<Static<typeof configSchema>>;
export type IssuerConfig = Config['issuers'][number];
export type LocalIssuerConfig = NonNullable<Config['local_issuer']>;
