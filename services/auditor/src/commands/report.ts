import { writeFile } from 'node:fs/promises';
import { auditorSigner, newAuditorKey } from '../report/auditor-key.js';
import { pageOf } from '../report/page.js';
import { reportOf, signReport } from '../report/report.js';
import { survey } from '../report/survey.js';
import { progressOn } from '../terminal.js';
import {
  type NodeOptions,
  nodeOptions,
  openNode,
  type Register,
  readInput,
  readTrust,
  type TrustOptions,
  trustOptions,
} from './options.js';

type Options = NodeOptions & TrustOptions & { key: string; out: string; json?: boolean };

export const registerReport: Register = (program, terminal, ended) => {
  const command = program
    .command('report')
    .description('what an inspection asks, as far as data can answer: signed JSON, and a page to read and print');
  trustOptions(nodeOptions(command))
    .requiredOption('--key <file>', "the auditor's private key, made by `key`")
    .requiredOption('--out <name>', 'the files are NAME.html and NAME.jwt')
    .option('--json', 'the report as JSON, too')
    .action(async ({ key, out, json, ...options }: Options) => {
      const signer = auditorSigner(await readInput(key));
      const found = await survey(await openNode(options), await readTrust(options), progressOn(terminal));
      const report = reportOf(found, new Date().toISOString());
      const page = pageOf(report);
      await writeFile(`${out}.html`, page);
      await writeFile(`${out}.jwt`, `${await signReport(report, page, signer)}\n`);
      terminal.out(
        json
          ? `${JSON.stringify(report)}\n`
          : `${report.checks.map(({ id, title, outcome, says }) => `${id} ${outcome.padEnd(6)} ${title}: ${says}`).join('\n')}\n${out}.html, ${out}.jwt\n`,
      );
      ended(report.holds ? 0 : 1);
    });

  program
    .command('key')
    .description("makes the key that signs an auditor's reports")
    .requiredOption('--out <file>', 'where to write it; it must not be there yet')
    .option('--json', 'the thumbprint as JSON')
    .action(async ({ out, json }: { out: string; json?: boolean }) => {
      const { jwk, thumbprint } = newAuditorKey();
      await writeFile(out, jwk, { mode: 0o600, flag: 'wx' });
      terminal.out(
        json ? `${JSON.stringify({ file: out, thumbprint })}\n` : `${out}: keep it to yourself; others know it by ${thumbprint}\n`,
      );
    });
};
