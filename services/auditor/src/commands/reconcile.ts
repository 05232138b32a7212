import { describeReconciliation } from '../describe.js';
import { reconcileNodes } from '../reconcile.js';
import { openNode, type Register } from './options.js';

interface Options {
  a: string;
  aTokenFile: string;
  b: string;
  bTokenFile: string;
  json?: boolean;
}

export const registerReconcile: Register = (program, terminal, ended) => {
  program
    .command('reconcile')
    .description('what two nodes say of their exchange, entry by entry')
    .requiredOption('--a <url>', 'audit API of one node')
    .requiredOption('--a-token-file <file>', 'token of its auditor')
    .requiredOption('--b <url>', 'audit API of the other')
    .requiredOption('--b-token-file <file>', 'token of its auditor')
    .option('--json', 'the result as JSON')
    .action(async ({ a, aTokenFile, b, bTokenFile, json }: Options) => {
      const sources = await Promise.all([openNode({ node: a, tokenFile: aTokenFile }), openNode({ node: b, tokenFile: bTokenFile })]);
      const result = await reconcileNodes(...sources);
      terminal.out(`${json ? JSON.stringify(result) : describeReconciliation(result)}\n`);
      ended(result.ok ? 0 : 1);
    });
};
