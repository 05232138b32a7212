import { type ProofFile, parseProofFile, prove, verifyProof } from '@entente/auditor';
import t from 'tap';
import { exchange } from './fake-node.js';

const madeAt = '2030-04-01T00:00:00Z';

async function proven() {
  const { a, b, released } = await exchange();
  a.witnesses.push(b);
  const file = await prove(a, released[0]!.statement, { madeAt });
  return { a, b, released, file, trust: { configuration: a.jwt, thumbprint: a.thumbprint } };
}

t.test('a file proves a statement, its releases and receipts to whoever has the configuration of the node', async (t) => {
  const { a, b, released, file, trust } = await proven();
  const result = await verifyProof(parseProofFile(JSON.stringify(file)), trust);
  t.strictSame(result.findings, []);
  t.match(result, {
    holds: true,
    originator: a.id,
    kind: 'alert',
    releases: [{ direction: 'out', peer: b.id, digest: released[0]!.releases[0], receipt: true, at: /^2030-/ }],
    checkpoints: [{ origin: 'aq-cus.example/log/1', cosigned_by: ['bq-lic.example/witness'] }],
  });

  const held = await prove(b, released[0]!.statement, { madeAt });
  t.match(await verifyProof(held, { configuration: b.jwt }), {
    holds: true,
    originator: a.id,
    findings: [],
    releases: [{ direction: 'in' }],
  });
  await t.rejects(prove(a, 'A'.repeat(43), { madeAt }), { code: 'not_found' });
});

t.test('whatever is changed in the file is found', async (t) => {
  const { file, trust, b } = await proven();
  const other = (await exchange()).a;
  const last = (text: string) => text.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'));
  const changes: Record<string, [change: (file: ProofFile) => void, check: string]> = {
    'the statement is another one': [(f) => Object.assign(f.statement, { jwt: f.releases[0]!.jwt! }), 'statement'],
    'its digest is another one': [(f) => Object.assign(f.statement, { digest: 'A'.repeat(43) }), 'statement'],
    'the statement is said to be received': [(f) => Object.assign(f.statement, { own: false }), 'statement'],
    'a release has another signature': [(f) => Object.assign(f.releases[0]!, { jwt: last(f.releases[0]!.jwt!) }), 'release'],
    'a release is said to be to another node': [(f) => Object.assign(f.releases[0]!, { peer: 'https://cq-mar.example' }), 'release'],
    'a receipt is another one': [(f) => Object.assign(f.releases[0]!.receipt!, { jwt: f.releases[0]!.jwt! }), 'receipt'],
    'a leaf is another one': [(f) => Object.assign(f.leaves[0]!, { leaf: f.leaves[0]!.leaf.replace('"v":1', '"v":2') }), 'leaf'],
    'a leaf is left out': [(f) => f.leaves.splice(0, 1), 'statement'],
    'the leaf of the receipt is left out': [(f) => f.leaves.pop(), 'receipt'],
    'a proof is of another leaf': [(f) => Object.assign(f.leaves[0]!, { proof: f.leaves[1]!.proof }), 'leaf'],
    'a checkpoint is signed by nobody': [(f) => Object.assign(f.leaves[0]!, { proof: f.leaves[0]!.proof.split('\n—')[0]! }), 'leaf'],
    'a partner has other keys': [(f) => Object.assign(f.configurations, { [b.id]: other.jwt }), 'peer'],
    'the node is another one': [(f) => Object.assign(f, { node: 'https://cq-mar.example' }), 'configuration'],
    'something is disclosed that nothing covers': [(f) => f.disclosures.push('WyJzYWx0IiwibmFtZSIsInZhbHVlIl0'), 'statement'],
    'an agreement is signed by nobody': [(f) => f.agreements.push('{}'), 'agreement'],
  };
  for (const [what, [change, check]] of Object.entries(changes)) {
    const copy = structuredClone(file);
    change(copy);
    const { holds, findings } = await verifyProof(copy, trust);
    t.notOk(holds, what);
    t.ok(
      findings.some((finding) => finding.check === check),
      `${what}: ${JSON.stringify(findings)}`,
    );
  }
  await t.rejects(verifyProof(file, { configuration: trust.configuration, thumbprint: 'A'.repeat(43) }), { code: 'bad_input' });
});

t.test('what is no proof file is refused', async (t) => {
  const { file } = await proven();
  for (const text of ['', '[]', '{}', JSON.stringify({ ...file, version: 2 }), JSON.stringify({ ...file, leaves: [{ leaf: 1 }] })])
    t.throws(() => parseProofFile(text), { code: 'bad_input' });
  t.throws(() => parseProofFile(' '.repeat(64 * 1024 * 1024 + 1)), { code: 'bad_input' });
});
