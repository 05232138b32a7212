import { type Command, InvalidArgumentError } from 'commander';
import { group, late, type Register, withExamples, withNode } from '../command.js';
import { bareDigest } from '../word.js';

/** Auditing is a program of its own that shares no code with the node's database; here it only gets what it asks for. */
export const registerAudit: Register = (program, run) => {
  const audit = group(
    program,
    'audit',
    'prove what was exchanged',
    'Proves, with mathematics and not with trust, what the node exchanged: with the stand-alone auditor program.',
  );
  const verify = audit
    .command('verify')
    .summary('verify the logs of the node')
    .description(
      "Verifies the whole logs of a node: every leaf, every signature, every checkpoint, every feed. The node is judged by an entity configuration that did not come from it: this agency's own file, or another one.",
    )
    .option(
      '--configuration <file>',
      "the node's entity configuration, received by another way than from the node (default: entity_configuration_file)",
    )
    .option('--thumbprint <thumbprint>', 'thumbprint of its federation key, where the file alone is not trusted', bareDigest);
  finish(verify, [
    'entente audit verify',
    'entente audit verify --url https://node.de-lic.example --token-file auditor.token --configuration de-lic.jwt --thumbprint 3fXq...',
  ]).action(run(late(async () => (await import('../audit/run.js')).verifyNode)));

  const reconcile = audit
    .command('reconcile')
    .summary('compare the log of the node with that of a partner')
    .description('Compares what two nodes say of their exchange: what one released the other must have received, position by position.')
    .requiredOption('--peer-url <url>', "address of the partner's audit API")
    .requiredOption('--peer-token-file <file>', 'file with a token of its auditor');
  finish(reconcile, ['entente audit reconcile --peer-url https://node.de-lic.example --peer-token-file de-lic.token']).action(
    run(late(async () => (await import('../audit/run.js')).reconcileNodes)),
  );

  const entries = audit
    .command('entries')
    .summary('copy the entries of a log')
    .description(
      'Prints the entries of the log, one JSON object a line, as they stand: digests and times, no content. A copy that is kept elsewhere tells after a restore what was erased since the backup.',
    )
    .option('--from <position>', 'first position', parsePosition, 0);
  finish(entries, ['entente audit entries > log.ndjson', 'entente audit entries --from 120000 >> log.ndjson']).action(
    run(late(async () => (await import('../audit/entries.js')).printEntries)),
  );
};

function parsePosition(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('A position is a whole number from 0.');
  return Number(text);
}

const finish = (command: Command, examples: string[]): Command => withExamples(withNode(command), examples);
