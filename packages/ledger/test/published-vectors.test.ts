import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LedgerError, verifyConsistency, verifyInclusion } from '@entente/ledger';
import t from 'tap';

/** `testdata` of transparency-dev/merkle: in ENTENTE_VECTORS, or in a folder `shared/vectors` of a folder above. */
function findVectors(): string | undefined {
  const named = process.env.ENTENTE_VECTORS;
  if (named !== undefined) return join(named, 'merkle');
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'shared', 'vectors', 'merkle');
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}

interface Vector {
  file: string;
  wantErr: boolean;
  proof: Uint8Array[];
  bytes(member: string): Uint8Array;
  size(member: string): number;
}

function* vectorsIn(folder: string): Iterable<Vector> {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))) {
    const text = readFileSync(join(folder, entry), 'utf8');
    const json = JSON.parse(text);
    const decode = (base64: string | null) => new Uint8Array(Buffer.from(base64 ?? '', 'base64'));
    yield {
      file: entry,
      wantErr: json.wantErr,
      proof: (json.proof ?? []).map(decode),
      bytes: (member) => decode(json[member]),
      // Some sizes need 64 bits: read from the text, for JSON.parse would round them.
      size: (member) => Number(BigInt(new RegExp(`"${member}": ([0-9]+)`).exec(text)![1]!)),
    };
  }
}

function refused(check: () => void): boolean {
  try {
    check();
    return false;
  } catch (error) {
    if (error instanceof LedgerError) return true;
    throw error;
  }
}

const folder = findVectors();
const skip = folder === undefined ? 'the published vectors are not on this machine' : false;

t.test('published inclusion proofs', { skip }, async (t) => {
  let count = 0;
  for (const v of vectorsIn(join(folder!, 'inclusion'))) {
    const head = { size: v.size('treeSize'), root: v.bytes('root') };
    const got = refused(() => verifyInclusion({ leafHash: v.bytes('leafHash'), index: v.size('leafIdx'), head, proof: v.proof }));
    if (got !== v.wantErr) t.fail(v.file);
    count++;
  }
  t.ok(count > 90, `${count} vectors`);
});

t.test('published consistency proofs', { skip }, async (t) => {
  // That library proves nothing from the empty tree; C2SP tlog-witness wants the empty proof, which this vector is.
  const otherwise = ['additional/size1-is-zero-and-size2-is-not-zero.json'];
  let count = 0;
  for (const v of vectorsIn(join(folder!, 'consistency'))) {
    const from = { size: v.size('size1'), root: v.bytes('root1') };
    const to = { size: v.size('size2'), root: v.bytes('root2') };
    const got = refused(() => verifyConsistency({ from, to, proof: v.proof }));
    if (got !== (v.wantErr && !otherwise.includes(v.file))) t.fail(v.file);
    count++;
  }
  t.ok(count > 90, `${count} vectors`);
});
