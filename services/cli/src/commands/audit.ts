import { type Command, InvalidArgumentError } from 'commander';
import { group, late, type Register, withConfiguration, withExamples, withJson, withNode } from '../command.js';
import { repeated } from '../repeated.js';
import { bareDigest } from '../word.js';

/** Auditing is a program of its own that shares no code with the node's database; here it only gets what it asks for. */
export const registerAudit: Register = (program, run) => {
  const audit = group(
    program,
    'audit',
    'prove what was exchanged',
    'Proves, with mathematics and not with trust, what the node exchanged: with the stand-alone auditor program.',
  );
  const act = (name: keyof typeof import('../audit/run.js')) => run(late(async () => (await import('../audit/run.js'))[name] as never));

  const verify = trusting(audit.command('verify').summary('verify the logs of the node, or a proof file'))
    .argument('[file]', 'a file made by `prove`: everything in it is verified without any node')
    .description(
      "Verifies the whole logs of a node: every leaf, every signature, every checkpoint, every feed. The node is judged by an entity configuration that did not come from it: this agency's own file, or another one.",
    )
    .option('--state <file>', 'of a node: what is known so far is kept here, so that an interrupted run goes on where it stopped')
    .addOption(repeated('--witness <file>', 'of a file: entity configuration of a partner whose word on the time counts'));
  finish(verify, [
    'entente audit verify',
    'entente audit verify --state verification.json',
    'entente audit verify proof.json --witness de-lic.jwt',
    'entente audit verify --url https://node.de-lic.example --token-file auditor.token --configuration de-lic.jwt --thumbprint 3fXq...',
    'entente audit verify proof.json --configuration de-lic.jwt',
  ]).action(act('verify'));

  const prove = audit
    .command('prove')
    .summary('one statement with everything that proves it, in a file')
    .description(
      'Writes a file with the statement, its releases and receipts, the proof of each in the log under a cosigned checkpoint, and all keys. It shows no content unless a presentation is given with it.',
    )
    .argument('<digest>', 'digest of the statement, all of it (tables show it with --wide)', bareDigest)
    .requiredOption('--out <file>', 'where to write it')
    .option('--presentation <file>', 'the statement with the parts that may be shown (SD-JWT)');
  finish(prove, ['entente audit prove 3fXqFz0nCkq1gW0tHc7oCw5rJ9m2yLbE8pVxA4sUdQk --out proof.json']).action(act('proveStatement'));

  const pack = trusting(audit.command('package').summary('a proof file as evidence for a court'))
    .argument('<file>', 'a file made by `prove`')
    .description(
      'Packs a proof that holds into a ZIP with a page that explains, step by step, how to verify it with openssl and no software of ours.',
    )
    .requiredOption('--out <file>', 'the ZIP file');
  withExamples(withConfiguration(pack), ['entente audit package proof.json --out evidence.zip']).action(act('packageProof'));

  const report = trusting(audit.command('report').summary('what an inspection asks, signed, and as a page to print'))
    .description(
      'Answers the checks of an inspection as far as data can, and names those that need a person: NAME.html to read and print, NAME.jwt under the key of the auditor.',
    )
    .requiredOption('--key <file>', 'private key of the auditor, made by `entente audit key`')
    .requiredOption('--out <name>', 'name of the files');
  finish(report, ['entente audit report --key auditor.key.json --out inspection']).action(act('report'));

  const watch = trusting(audit.command('watch').summary('raise an alarm when the log does not go on from where it was'))
    .description('Keeps the last checkpoint in a file of its own and looks again and again, until Ctrl-C.')
    .requiredOption('--state <file>', 'where the last checkpoint is kept')
    .option('--every <seconds>', 'how often to look', '300')
    .option('--once', 'look once and end');
  finish(watch, ['entente audit watch --state seen.checkpoint', 'entente audit watch --state seen.checkpoint --once']).action(act('watch'));

  const key = audit
    .command('key')
    .summary('make the key that signs the reports of an auditor')
    .description('Makes a key pair for signing reports, and writes it to a file that only you can read.')
    .requiredOption('--out <file>', 'where to write it; it must not be there yet');
  withExamples(withJson(key), ['entente audit key --out auditor.key.json']).action(act('makeKey'));

  const reconcile = audit
    .command('reconcile')
    .summary('compare the log of the node with that of a partner')
    .description('Compares what two nodes say of their exchange: what one released the other must have received, position by position.')
    .requiredOption('--peer-url <url>', "address of the partner's audit API")
    .requiredOption('--peer-token-file <file>', 'file with a token of its auditor');
  finish(reconcile, ['entente audit reconcile --peer-url https://node.de-lic.example --peer-token-file de-lic.token']).action(
    act('reconcileNodes'),
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

const trusting = (command: Command): Command =>
  command
    .option(
      '--configuration <file>',
      "the node's entity configuration, received by another way than from the node (default: entity_configuration_file)",
    )
    .option('--thumbprint <thumbprint>', 'thumbprint of its federation key, where the file alone is not trusted', bareDigest);

const finish = (command: Command, examples: string[]): Command => withExamples(withNode(command), examples);
