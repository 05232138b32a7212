import { writeFile } from 'node:fs/promises';
import { splitStatement } from '@entente/seal';
import { AuditorError } from '../error.js';
import { prove } from '../proof/prove.js';
import { type NodeOptions, nodeOptions, openNode, type Register, readInput } from './options.js';

type Options = NodeOptions & { out: string; presentation?: string };

export const registerProve: Register = (program, terminal) => {
  const command = program
    .command('prove <statement>')
    .description('one statement with everything that proves it, in one file: `verify FILE` needs nothing else and no network');
  nodeOptions(command)
    .requiredOption('--out <file>', 'where to write it')
    .option('--presentation <file>', 'the statement with the parts that may be shown (SD-JWT); without it nothing is shown')
    .action(async (digest: string, { out, presentation, ...node }: Options) => {
      const disclosures = presentation === undefined ? [] : await disclosuresIn(presentation);
      const file = await prove(await openNode(node), digest, { disclosures, madeAt: new Date().toISOString() });
      await writeFile(out, `${JSON.stringify(file, undefined, 1)}\n`);
      terminal.out(`${out}: ${file.releases.length} releases, ${file.leaves.length} leaves\n`);
    });
};

async function disclosuresIn(file: string): Promise<string[]> {
  try {
    return splitStatement((await readInput(file)).trim()).disclosures;
  } catch (error) {
    if (error instanceof AuditorError) throw error;
    throw new AuditorError('bad_input', `${file} is no statement with disclosures: ${(error as Error).message}`);
  }
}
