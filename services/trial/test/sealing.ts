/** What a rogue signs: statements, releases and pages, right ones and wrong ones. */
import { randomBytes } from 'node:crypto';
import {
  canonicalSignature,
  chainOver,
  chainStart,
  digestOf,
  findKeyIn,
  type IssuedStatement,
  inspectEntityConfiguration,
  issueStatement,
  openReceipt,
  type PageEntry,
  type ReceiptItem,
  releaseEvent,
  releaseTyp,
  type Signer,
  signPage,
} from '@entente/seal';
import { verificationKey } from '@entente/seal/node';
import { type Kind, kinds, type StatementInput } from '@entente/statement';
import type { Member } from '../src/federation.js';
import { seconds } from './agencies.js';
import type { Answer, Poll, Rogue } from './rogue.js';

const random = (bytes: number): Uint8Array => randomBytes(bytes);

export interface Sealed {
  /** As the release says; `name` is what the sender calls it in its answer. */
  name: string;
  jwt: string;
  digest: string;
  disclosures: string[];
  statement: Pick<IssuedStatement, 'jwt' | 'digest'>;
}

export interface Draft {
  input: StatementInput;
  kind?: Kind;
  /** Seconds since the epoch, of statement and release. */
  iat?: number;
  /** `urn:uuid:` name of the statement. */
  jti?: string;
  statementSigner?: Signer;
  releaseSigner?: Signer;
  /** In the place of what was issued. */
  statement?: (issued: IssuedStatement) => Promise<IssuedStatement> | IssuedStatement;
  /** Members of the event that differ. */
  terms?: Record<string, unknown>;
  /** Claims of the release that differ. */
  claims?: Record<string, unknown>;
  /** The release as it is handed over. */
  jwt?: (jwt: string) => string;
  /** The disclosures as they are handed over. */
  disclosures?: (texts: string[]) => string[];
}

export const uuid = (): string => {
  const hex = `${Date.now().toString(16).padStart(12, '0')}7${randomBytes(2).toString('hex').slice(1)}8${randomBytes(8).toString('hex').slice(1)}`;
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

export const sealer =
  (rogue: Rogue, aud: string, agreement: { id: string; version: number; digest: string }) =>
  async (draft: Draft): Promise<Sealed> => {
    const { input, kind = kinds.get('sighting')!, iat = seconds(), jti = uuid() } = draft;
    const signer = draft.statementSigner ?? rogue.signer('statement');
    const issued = await issueStatement({ input, kind, iss: rogue.id, iat, jti, signer, random });
    const statement = (await draft.statement?.(issued)) ?? issued;
    const name = randomBytes(16).toString('base64url');
    const payload = {
      iss: rogue.id,
      aud,
      iat,
      jti: name,
      sub_id: { format: 'uri', uri: `ni:///sha-256;${statement.digest}` },
      events: {
        [releaseEvent]: {
          statement: statement.jwt,
          disclosed: statement.disclosures.map((d) => d.digest).sort(),
          agreement,
          purposes: ['CUSTOMS_CONTROL'],
          retain_until: iat + 86_400,
          onward: 'originator_consent',
          transfer_basis: 'AGREEMENT',
          ...draft.terms,
        },
      },
      ...draft.claims,
    };
    const signed = await forge({ typ: releaseTyp }, payload, draft.releaseSigner ?? rogue.signer('release'));
    const jwt = draft.jwt?.(signed) ?? signed;
    const texts = statement.disclosures.map((d) => d.text);
    return {
      name: (payload.jti as string) ?? name,
      jwt,
      digest: digestOf(jwt),
      disclosures: draft.disclosures?.(texts) ?? texts,
      statement,
    };
  };

/** Signs any header over any payload, also what no honest signer would write. */
export async function forge(header: object, payload: object, signer: Signer): Promise<string> {
  const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${text({ alg: signer.alg, kid: signer.kid, ...header })}.${text(payload)}`;
  return `${input}.${Buffer.from(await canonicalSignature(input, signer)).toString('base64url')}`;
}

export const answerOf = (...sealed: Sealed[]): Answer & object => ({
  sets: Object.fromEntries(sealed.map(({ name, jwt }) => [name, jwt])),
  disclosures: Object.fromEntries(sealed.map(({ name, disclosures }) => [name, disclosures])),
});

/** What the node has signed about each release, verified with the node's published keys. */
export async function verdicts(poll: Poll, member: Member, rogue: Rogue): Promise<Map<string, ReceiptItem>> {
  const { configuration } = inspectEntityConfiguration(member.agency.configuration);
  const findKey = findKeyIn([configuration], verificationKey);
  const receipts = await Promise.all(poll.receipts.map((jwt) => openReceipt(jwt, { iss: member.agency.id, aud: rogue.id, findKey })));
  return new Map(receipts.flatMap((receipt) => receipt.items.map((item) => [item.release, item] as const)));
}

/** Keeps the rogue's feed to one recipient, so that it can sign true pages and false ones. */
export function feedOf(rogue: Rogue, aud: string) {
  let chain = chainStart;
  let size = 0;
  const entryOf = ({ digest, jwt }: Sealed): PageEntry => [digest, 'sighting', jwt.length];
  return {
    /** The next page, with these releases in order. */
    page: (...sealed: Sealed[]): Promise<string> => {
      const first = size + 1;
      chain = chainOver(
        chain,
        sealed.map((one) => one.digest),
      );
      size += sealed.length;
      return signPage(
        { iss: rogue.id, aud, iat: seconds(), epoch: 1, first, entries: sealed.map(entryOf), chain },
        rogue.signer('release'),
      );
    },
    /** A page at a place and with a chain that the test invents; the feed goes on as if it had not been. */
    falsePage: (change: { first?: number; chain?: Uint8Array }, ...sealed: Sealed[]): Promise<string> =>
      signPage(
        {
          iss: rogue.id,
          aud,
          iat: seconds(),
          epoch: 1,
          first: change.first ?? size + 1,
          entries: sealed.map(entryOf),
          chain: change.chain ?? chain,
        },
        rogue.signer('release'),
      ),
    last: () => size,
  };
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same signature in the other form that verifies as well: (r, n - s). */
export function mirrored(jwt: string): string {
  const [input, signature] = [jwt.slice(0, jwt.lastIndexOf('.')), Buffer.from(jwt.slice(jwt.lastIndexOf('.') + 1), 'base64url')];
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  const other = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex');
  return `${input}.${Buffer.concat([signature.subarray(0, 32), other]).toString('base64url')}`;
}

/** The same signature with one of the unused bits of its last base64url letter set. */
export const spareBits = (jwt: string): string => `${jwt.slice(0, -1)}${ALPHABET[ALPHABET.indexOf(jwt.at(-1)!) ^ 1]}`;

/** One bit of the signature changed. */
export function spoiled(jwt: string): string {
  const at = jwt.lastIndexOf('.') + 5;
  return `${jwt.slice(0, at)}${ALPHABET[ALPHABET.indexOf(jwt[at]!) ^ 32]}${jwt.slice(at + 1)}`;
}

/** The statement under another spelling of its token: another digest for the same words. */
export const respelled =
  (spell: (jwt: string) => string) =>
  (issued: IssuedStatement): IssuedStatement => {
    const jwt = spell(issued.jwt);
    return { ...issued, jwt, digest: digestOf(jwt) };
  };
