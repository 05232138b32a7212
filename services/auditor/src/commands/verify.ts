import { describeProof, describeVerification } from '../describe.js';
import { AuditorError } from '../error.js';
import { parseProofFile } from '../proof/proof-file.js';
import { verifyProof } from '../proof/verify-proof.js';
import { progressOn } from '../terminal.js';
import { verifyNode } from '../verify.js';
import { type NodeOptions, openNode, type Register, readInput, readTrust, type TrustOptions, trustOptions } from './options.js';
import { resumable } from './verify-progress.js';

type Options = Partial<NodeOptions> & TrustOptions & { json?: boolean; state?: string; witness: string[] };

export const registerVerify: Register = (program, terminal, ended) => {
  const command = program
    .command('verify [file]')
    .description('every entry, every signature, every feed of one node; or, of a file made by `prove`, everything in it, without a network')
    .option('--node <url>', 'address of the audit API')
    .option('--token-file <file>', "file with the auditor's token");
  trustOptions(command)
    .option('--state <file>', 'of a node: what is known so far is kept here, so that an interrupted run goes on where it stopped')
    .option(
      '--witness <file>',
      'of a file: entity configuration of a partner whose word on the time counts; may be repeated',
      (file: string, files: string[]) => [...files, file],
      [],
    )
    .option('--json', 'the result as JSON')
    .action(async (file: string | undefined, options: Options) => {
      const trust = await readTrust(options);
      const { holds, said } = file === undefined ? await ofNode(options) : await ofFile(file);
      terminal.out(`${said}\n`);
      ended(holds ? 0 : 1);

      async function ofNode({ node, tokenFile }: Options) {
        if (node === undefined || tokenFile === undefined)
          throw new AuditorError('bad_input', 'name a proof file, or a node by --node and --token-file');
        const source = await openNode({ node, tokenFile });
        const progress = progressOn(terminal);
        const result = await resumable(options.state, (how) => verifyNode(source, trust, { progress, ...how }));
        return { holds: result.verified, said: options.json ? JSON.stringify(result) : describeVerification(result) };
      }

      async function ofFile(name: string) {
        const witnesses = await Promise.all(options.witness.map(async (file) => (await readInput(file)).trim()));
        const result = await verifyProof(parseProofFile(await readInput(name)), trust, witnesses);
        return { holds: result.holds, said: options.json ? JSON.stringify(result) : describeProof(result) };
      }
    });
};
