import { describeProof, describeVerification } from '../describe.js';
import { AuditorError } from '../error.js';
import { parseProofFile } from '../proof/proof-file.js';
import { verifyProof } from '../proof/verify-proof.js';
import { progressOn } from '../terminal.js';
import { verifyNode } from '../verify.js';
import { type NodeOptions, openNode, type Register, readInput, readTrust, type TrustOptions, trustOptions } from './options.js';

type Options = Partial<NodeOptions> & TrustOptions & { json?: boolean };

export const registerVerify: Register = (program, terminal, ended) => {
  const command = program
    .command('verify [file]')
    .description('every entry, every signature, every feed of one node; or, of a file made by `prove`, everything in it, without a network')
    .option('--node <url>', 'address of the audit API')
    .option('--token-file <file>', "file with the auditor's token");
  trustOptions(command)
    .option('--json', 'the result as JSON')
    .action(async (file: string | undefined, options: Options) => {
      const trust = await readTrust(options);
      const { holds, said } = file === undefined ? await ofNode(options) : await ofFile(file);
      terminal.out(`${said}\n`);
      ended(holds ? 0 : 1);

      async function ofNode({ node, tokenFile }: Options) {
        if (node === undefined || tokenFile === undefined)
          throw new AuditorError('bad_input', 'name a proof file, or a node by --node and --token-file');
        const result = await verifyNode(await openNode({ node, tokenFile }), trust, { progress: progressOn(terminal) });
        return { holds: result.verified, said: options.json ? JSON.stringify(result) : describeVerification(result) };
      }

      async function ofFile(name: string) {
        const result = await verifyProof(parseProofFile(await readInput(name)), trust);
        return { holds: result.holds, said: options.json ? JSON.stringify(result) : describeProof(result) };
      }
    });
};
