import type { Command } from 'commander';
import { runProgram } from '../child-program.js';
import { type Register, withExamples, withNode } from '../command.js';
import { access, type ConnectionOptions } from '../node-connection.js';

type AuditOptions = ConnectionOptions & { json?: boolean };

/** Auditing is a program of its own that shares no code with the node's database; here it only gets the address and a token. */
export const registerAudit: Register = (program, run) => {
  const audit = program
    .command('audit')
    .summary('prove what was exchanged')
    .description('Proves, with mathematics and not with trust, what the node exchanged: with the stand-alone auditor program.');
  const auditCommand = (name: string, summary: string, description: string, examples: string[]) => {
    const command: Command = audit
      .command(name)
      .summary(summary)
      .description(description)
      .argument('[arguments...]', 'further arguments of the auditor program, after --');
    withExamples(withNode(command), examples).action(
      run<AuditOptions>(async (options, [rest]) => {
        const { url, token } = await access(options, 'AUDITOR');
        const args = [name, '--url', url, ...((rest ?? []) as string[]), ...(options.json ? ['--json'] : [])];
        return { exitCode: await runProgram('auditor', args, { ENTENTE_TOKEN: token }) };
      }),
    );
  };
  auditCommand(
    'verify',
    'verify the log of the node',
    'Verifies the whole log of the node: every leaf, every proof, every checkpoint, every feed.',
    ['entente audit verify', 'entente audit verify --url http://127.0.0.1:8080 --token-file auditor.token --json'],
  );
  auditCommand(
    'reconcile',
    'compare the log of the node with that of a partner',
    'Compares what two nodes say of their exchange: what one released the other must have received, position by position.',
    ['entente audit reconcile -- --peer-url http://127.0.0.1:8081 --peer-token-file partner.token'],
  );
};
