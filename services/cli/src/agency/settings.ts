import { agencyTypes } from './agency-types.js';

/** Everything a new agency decides. One entry of `settings` is one flag, one member of the answers file, one question and its explanation. */
export interface Answers {
  entity_id: string;
  name: string;
  country: string;
  agency_type: string;
  federation_host: string;
  federation_port: number;
  public_url: string;
  agency_host: string;
  agency_port: number;
  issuer?: string;
  audience: string;
  database_url_file?: string;
  database_owner_url_file?: string;
  key_days: number;
  certificate_days: number;
  checkpoint_interval_seconds: number;
  trial: boolean;
}

export interface Setting {
  member: keyof Answers;
  /** Placeholder of the flag's value. */
  value: string;
  question: string;
  explanation: string;
  /** Throws an Error that says what a good value looks like. */
  parse(text: string): string | number;
  /** The safe default, from what is decided already; absent = must be given; undefined = may stay open. */
  fallback?: (decided: Partial<Answers>) => string | number | undefined;
}

/** In the order in which they are asked: a later default may use an earlier answer. `trial` is a flag without a question. */
export const settings: readonly Setting[] = [
  {
    member: 'entity_id',
    value: 'URL',
    question: 'Entity id of the agency',
    explanation:
      'The https URL that names this agency for ever in everything it signs. It need not answer to requests; choose a domain that the agency keeps.',
    parse: entityId,
  },
  {
    member: 'name',
    value: 'NAME',
    question: 'Name of the agency',
    explanation: 'How partners see the agency in lists and in its statements.',
    parse: matching(/^\S.{0,199}$/u, 'one line of at most 200 characters'),
  },
  {
    member: 'country',
    value: 'CC',
    question: 'Country',
    explanation: 'Two capital letters (ISO 3166-1), for instance NL.',
    parse: matching(/^[A-Z]{2}$/, 'two capital letters, for instance NL'),
  },
  {
    member: 'agency_type',
    value: 'TYPE',
    question: 'Kind of agency',
    explanation: `Decides which statements the agency may send: ${Object.entries(agencyTypes)
      .map(([code, words]) => `${code} ${words}`)
      .join('; ')}.`,
    parse: oneOf(Object.keys(agencyTypes)),
  },
  {
    member: 'federation_host',
    value: 'HOST',
    question: 'Address on which partner agencies connect',
    explanation:
      'All addresses by default, for partners must reach it: TLS 1.3 only, and nobody gets in without a client certificate that a known peer published. In a trial: this machine only.',
    parse: matching(/^[\w.:-]+$/, 'an IP address or a host name'),
    fallback: ({ trial }) => (trial ? '127.0.0.1' : '0.0.0.0'),
  },
  {
    member: 'federation_port',
    value: 'PORT',
    question: 'Port for partner agencies',
    explanation: 'TLS ends in the node itself; a load balancer must pass the connection through unopened.',
    parse: whole(1, 65535),
    fallback: () => 8443,
  },
  {
    member: 'public_url',
    value: 'URL',
    question: 'URL under which partners reach that port',
    explanation: 'Published to the peers in the signed entity configuration; the name or address in it stands in the certificate.',
    parse: origin,
    fallback: ({ entity_id, federation_port }) => {
      const url = new URL(entity_id as string);
      url.port = String(federation_port);
      return url.origin;
    },
  },
  {
    member: 'agency_host',
    value: 'HOST',
    question: "Address for the agency's own officers and machines",
    explanation:
      'This machine only by default, because this listener speaks plain HTTP: put a proxy with TLS of the agency in front before opening it further.',
    parse: matching(/^[\w.:-]+$/, 'an IP address or a host name'),
    fallback: () => '127.0.0.1',
  },
  {
    member: 'agency_port',
    value: 'PORT',
    question: "Port for the agency's own officers and machines",
    explanation: 'Officers, auditors and this command line come in here, each with a bearer token.',
    parse: whole(1, 65535),
    fallback: () => 8080,
  },
  {
    member: 'issuer',
    value: 'URL',
    question: 'OpenID Connect issuer where officers log in (may stay empty for now)',
    explanation: 'The node keeps no passwords: it accepts the tokens of this issuer. Without one nobody can log in, except in a trial.',
    parse: httpsUrl,
    fallback: () => undefined,
  },
  {
    member: 'audience',
    value: 'TEXT',
    question: 'Audience that tokens must carry',
    explanation: 'A token made for another service is refused. The entity id by default.',
    parse: matching(/^\S{1,200}$/, 'text without spaces'),
    fallback: ({ entity_id }) => entity_id,
  },
  {
    member: 'database_url_file',
    value: 'FILE',
    question: 'File with the database address of the application role (may stay empty for now)',
    explanation: 'One line, postgres://user:password@host/database. Copied into secrets/. This role cannot change history.',
    parse: matching(/^.+$/, 'the path of a file'),
    fallback: () => undefined,
  },
  {
    member: 'database_owner_url_file',
    value: 'FILE',
    question: 'File with the database address of the owner role (may stay empty for now)',
    explanation: 'Used by `entente migrate` only. Keep it away from the machine that serves where you can.',
    parse: matching(/^.+$/, 'the path of a file'),
    fallback: () => undefined,
  },
  {
    member: 'key_days',
    value: 'DAYS',
    question: 'Days for which the signing keys hold',
    explanation: 'Two years by default. What was signed within that time verifies for ever.',
    parse: whole(1, 3650),
    fallback: () => 730,
  },
  {
    member: 'certificate_days',
    value: 'DAYS',
    question: 'Days for which the TLS certificate holds',
    explanation: 'One year by default. It is renewed by publishing a new entity configuration; no certificate authority takes part.',
    parse: whole(1, 825),
    fallback: () => 365,
  },
  {
    member: 'checkpoint_interval_seconds',
    value: 'SECONDS',
    question: 'Seconds between two checkpoints of the log',
    explanation:
      'Ten minutes by default: partners see that something was logged, but not how much or when exactly. Five seconds in a trial.',
    parse: whole(1, 86400),
    fallback: ({ trial }) => (trial ? 5 : 600),
  },
];

/** `entity_id` is `--entity-id` on the command line. */
export function flagOf(setting: Setting): string {
  return `--${setting.member.replaceAll('_', '-')}`;
}

function matching(pattern: RegExp, form: string) {
  return (text: string): string => {
    if (!pattern.test(text)) throw new Error(`should be ${form}`);
    return text;
  };
}

function oneOf(values: string[]) {
  return (text: string): string => {
    if (!values.includes(text)) throw new Error(`should be one of ${values.join(', ')}`);
    return text;
  };
}

function whole(least: number, most: number) {
  return (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) throw new Error(`should be a whole number from ${least} to ${most}`);
    return number;
  };
}

function httpsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.username || url.password || url.search || url.hash) {
    throw new Error('should be an https URL without user, query or fragment');
  }
  return text;
}

/** An entity id is compared byte by byte, so only its one canonical spelling is taken. docs/protocol.md section 2. */
function entityId(text: string): string {
  const { href, pathname, origin } = new URL(httpsUrl(text));
  const canonical = pathname === '/' ? origin : href.replace(/\/$/, '');
  if (text !== canonical) throw new Error(`should be written ${canonical}`);
  return text;
}

function origin(text: string): string {
  const url = new URL(httpsUrl(text));
  if (url.pathname !== '/') throw new Error('should have no path: https://host:port');
  return url.origin;
}
