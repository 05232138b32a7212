import { writeFile } from 'node:fs/promises';
import { zipSync } from 'fflate';
import { describeProof } from '../describe.js';
import { AuditorError } from '../error.js';
import { filesOf } from '../package/files.js';
import { parseProofFile } from '../proof/proof-file.js';
import { verifyProof } from '../proof/verify-proof.js';
import { type Register, readInput, readTrust, type TrustOptions, trustOptions } from './options.js';

export const registerPackage: Register = (program, terminal) => {
  const command = program
    .command('package <file>')
    .description(
      'a file made by `prove` as a ZIP for a court or a foreign authority, with a page that says how to verify it with standard tools',
    );
  trustOptions(command)
    .requiredOption('--out <file>', 'the ZIP file')
    .option('--json', 'the names of its files as JSON')
    .action(async (file: string, { out, json, ...trust }: TrustOptions & { out: string; json?: boolean }) => {
      const proof = parseProofFile(await readInput(file));
      const result = await verifyProof(proof, await readTrust(trust));
      if (!result.holds)
        throw new AuditorError('bad_input', `this proof does not hold, so there is nothing to pack:\n${describeProof(result)}`);
      const files = filesOf(proof);
      await writeFile(out, zipSync(files, { mtime: new Date(proof.made_at) }));
      terminal.out(
        json
          ? `${JSON.stringify({ file: out, files: Object.keys(files) })}\n`
          : `${out}: ${Object.keys(files).length} files; begin with README.html\n`,
      );
    });
};
