/** Everything that reads what others wrote, with well-formed seeds. Each either reads or refuses with an error of its own package. */
import { readdirSync, readFileSync } from 'node:fs';
import { decodeXml, InteropError, readDeclaration } from '@entente/interop';
import {
  formatVkey,
  LedgerError,
  noteKey,
  parseAddCheckpoint,
  parseBundle,
  parseCheckpointText,
  parseLeaf,
  parseNote,
  parseTlogProof,
  parseVkey,
  signatureType,
} from '@entente/ledger';
import {
  type FindKey,
  inspectEntityConfiguration,
  type JsonObject,
  openAgreement,
  openPage,
  openReceipt,
  openRelease,
  openStatement,
  openVoid,
  parseStrict,
  SealError,
  splitStatement,
} from '@entente/seal';
import { checkIdentifiers, kinds, StatementError, validateDraft, validateFull } from '@entente/statement';

export interface Parser {
  name: string;
  /** At least one. */
  seeds: string[];
  read(text: string): unknown;
  /** Refusals that are meant. Anything else that it throws is a find. */
  refuses: readonly (new (
    ...args: never[]
  ) => Error)[];
}

/** In the name of whoever it says, and never wrong: so that what is behind a signature is read, too. */
const believing =
  (alg: 'ES256' | 'Ed25519'): FindKey =>
  (iss, kid, use) => ({ iss, kid, use, alg, jwk: {} as never, not_before: 0, not_after: Number.MAX_SAFE_INTEGER, verify: () => true });
const credulous = believing('ES256');

const vectors = new URL('../../../../../packages/seal/vectors/', import.meta.url);
interface Vector {
  operation: string;
  input: Record<string, unknown> & { jwt: string; disclosures: string[] };
}
const inputs = readdirSync(vectors)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(new URL(file, vectors), 'utf8')) as Vector);
const seedsOf = (operation: string, member: string): string[] =>
  inputs.filter((vector) => vector.operation === operation).map(({ input }) => String(input[member]));
const statements = inputs
  .filter(({ operation }) => operation === 'open_statement')
  .map(({ input }) => [input.jwt, ...input.disclosures, ''].join('~'));
const between = { iss: 'https://nl-cus.example', aud: 'https://de-lic.example', findKey: credulous };
const bodies = [...kinds.values()].map((kind) => JSON.stringify(kind.example));
const declarations = new URL('../../../fixtures/declarations/', import.meta.url);
const xml = readdirSync(declarations).map((file) => readFileSync(new URL(file, declarations), 'utf8'));

const HASH = 'A'.repeat(43);
const NOTE = `nl-cus.example/log/1\n3\n${Buffer.alloc(32).toString('base64')}\n\n\u2014 nl-cus.example/log/1 ${Buffer.alloc(72).toString('base64')}\n`;
const LEAF = `{"at":"2031-05-02T08:15:00Z","digest":"${HASH}","kind":"alert","n":"${'A'.repeat(22)}","op":"issued","v":1}`;
const VKEY = formatVkey(noteKey('nl-cus.example/log/1', signatureType.ed25519, new Uint8Array(32)));

const seal = (name: string, seeds: string[], read: Parser['read']): Parser => ({ name, seeds, read, refuses: [SealError] });
const ledger = (name: string, seeds: string[], read: Parser['read']): Parser => ({ name, seeds, read, refuses: [LedgerError] });
const bytes = (text: string): Uint8Array => Buffer.from(text);

export const parsers: Parser[] = [
  seal('json', seedsOf('parse_json', 'text'), parseStrict),
  seal('statement', statements, (text) => {
    const { jwt, disclosures } = splitStatement(text);
    return openStatement(jwt, disclosures, credulous);
  }),
  seal('release', seedsOf('open_release', 'jwt'), (text) => openRelease(text, between)),
  seal('receipt', seedsOf('open_receipt', 'jwt'), (text) => openReceipt(text, between)),
  seal('page', seedsOf('open_page', 'jwt'), (text) => openPage(text, between)),
  seal('void', seedsOf('open_void', 'jwt'), (text) => openVoid(text, between)),
  seal('agreement', seedsOf('open_agreement', 'jws'), (text) => openAgreement(text, { findKey: believing('Ed25519'), at: 1_800_000_000 })),
  seal('entity configuration', seedsOf('pin_entity', 'jwt'), inspectEntityConfiguration),
  ledger('note', [NOTE], parseNote),
  ledger('checkpoint', [NOTE.slice(0, NOTE.indexOf('\n\n') + 1)], parseCheckpointText),
  ledger('leaf', [LEAF], (text) => parseLeaf(bytes(text))),
  ledger('bundle', ['\u0000\u0003abc\u0000\u0001d'], (text) => parseBundle(bytes(text))),
  ledger('log key', [VKEY], parseVkey),
  ledger('add-checkpoint', [`old 1\n${HASH}=\n\n${NOTE}`], parseAddCheckpoint),
  ledger('tlog-proof', [`c2sp.org/tlog-proof@v1\nindex 1\n${HASH}=\n\n${NOTE}`], parseTlogProof),
  { name: 'declaration', seeds: xml, read: (text) => readDeclaration(decodeXml(bytes(text))), refuses: [InteropError] },
  { name: 'statement of an officer', seeds: bodies, read: validated, refuses: [StatementError, SealError] },
];

/** As a node does: JSON strictly, then the schema and the rules of its kind. */
function validated(text: string): unknown {
  const input = parseStrict(text) as { kind?: string; body: JsonObject } | null;
  const kind = kinds.get(input?.kind ?? '');
  if (!kind) return undefined;
  const findings = [validateDraft(kind, input), validateFull(kind, input)];
  if (findings.flat().length === 0) checkIdentifiers(kind, input!.body);
  return findings;
}
