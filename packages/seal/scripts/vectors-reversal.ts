import { kinds } from '@entente/statement';
import { digestOf, issueStatement, type Json, openStatement, type SealCode } from '../src/index.js';
import { verificationKey } from '../src/node.js';
import { type FixedKey, fixedRandom, forge } from './fixed-keys.js';
import { issuedAt, known, originator, type Vector, vectorKeys } from './vector.js';
import { head } from './vectors-statement.js';

const keys = known.filter(({ iss }) => iss === originator).slice(0, 3);
const findKey = (_iss: string, kid: string) => {
  const record = known.find((key) => key.kid === kid);
  return record && verificationKey(record);
};

async function issued(name: string, number: number, key: FixedKey = vectorKeys.statement) {
  const kind = kinds.get(name)!;
  const jti = `urn:uuid:019cadd7-7e50-7b1a-9c55-3f0d6a0b1c1${number}`;
  const random = fixedRandom(`vector ${name}`);
  const { jwt, disclosures } = await issueStatement({
    ...{ input: kind.example, kind, iss: originator, iat: issuedAt },
    ...{ jti, signer: key.signer, random },
  });
  return { jwt, texts: disclosures.map(({ text }) => text) };
}

function vector(name: string, what: string, input: { jwt: string; disclosures: string[] }, expected: Vector['expected']): Vector {
  return { name, what, section: '4, 11', operation: 'open_statement', keys, input, expected };
}

/** What calls back, corrects, answers and asks: the examples of the kinds, with all their parts and with none. */
export async function reversalVectors(): Promise<Vector[]> {
  const names = ['recall', 'correction', 'compliance', 'consent_request'];
  const all = await Promise.all(names.map((name, i) => issued(name, i)));
  const opened = async (name: string, what: string, jwt: string, disclosures: string[]) => {
    const { digest, rel, body } = await openStatement(jwt, disclosures, findKey);
    return vector(name, what, { jwt, disclosures }, { ok: { digest, rel: rel as unknown as Json, body } });
  };
  const good = names.flatMap((name, i) => {
    const { jwt, texts } = all[i]!;
    const file = name.replaceAll('_', '-');
    return [
      opened(`${file}-ok`, `a statement of the kind ${name}`, jwt, texts),
      opened(`${file}-nothing-shown`, `a ${name} without disclosures: what is open stays`, jwt, []),
    ];
  });
  return [...(await Promise.all(good)), ...(await refused(all[0]!, all[1]!))];
}

async function refused(recall: { jwt: string; texts: string[] }, correction: { texts: string[] }): Promise<Vector[]> {
  const claims = JSON.parse(Buffer.from(recall.jwt.split('.')[1]!, 'base64url').toString());
  const refuse = (name: string, what: string, jwt: string, error: SealCode, disclosures = recall.texts) =>
    vector(`recall-${name}`, what, { jwt, disclosures }, { error });
  const [header, , signature] = recall.jwt.split('.');
  const other = Buffer.from(JSON.stringify({ ...claims, rel: [{ type: 'recalls', of: digestOf('x') }] })).toString('base64url');
  const changed = async (rel: Json[]) => await forge(head, { ...claims, rel }, vectorKeys.statement);
  return [
    refuse('of-another', 'turned upon another statement', `${header}.${other}.${signature}`, 'bad_signature'),
    refuse('release-key', 'signed with a key for releases', (await issued('recall', 0, vectorKeys.release)).jwt, 'unknown_key'),
    refuse('target-no-digest', 'its target is no digest', await changed([{ type: 'recalls', of: 'x' }]), 'bad_claims'),
    refuse(
      'target-with-more',
      'a relation with a further member',
      await changed([{ type: 'recalls', of: digestOf('x'), by: originator }]),
      'bad_claims',
    ),
    refuse('part-of-correction', 'a part of another statement', recall.jwt, 'unreferenced_disclosure', [
      ...recall.texts,
      correction.texts[0]!,
    ]),
    refuse('part-twice', 'one part twice', recall.jwt, 'duplicate_disclosure', [...recall.texts, recall.texts[0]!]),
  ];
}
