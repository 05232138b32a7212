import { Command } from 'commander';
import type { Register, Run } from './command.js';
import { registerAgreement } from './commands/agreement.js';
import { registerAnswers } from './commands/answers.js';
import { registerAttachment } from './commands/attachment.js';
import { registerAudit } from './commands/audit.js';
import { registerCatalogue } from './commands/catalogue.js';
import { registerCompletion } from './commands/completion.js';
import { registerDraft } from './commands/draft.js';
import { registerExpiry } from './commands/expiry.js';
import { registerImport } from './commands/import.js';
import { registerInbox } from './commands/inbox.js';
import { registerInit } from './commands/init.js';
import { registerKeys } from './commands/keys.js';
import { registerNotify } from './commands/notify.js';
import { registerOnward } from './commands/onward.js';
import { registerPeer } from './commands/peer.js';
import { registerRecall } from './commands/recall.js';
import { registerRetention } from './commands/retention.js';
import { registerNodeCommands } from './commands/run-node.js';
import { registerShipment } from './commands/shipment.js';
import { registerSingleRelease } from './commands/single-release.js';
import { registerStatements } from './commands/statements.js';
import { registerSubject } from './commands/subject.js';
import { registerToken } from './commands/token.js';
import { registerTransfer } from './commands/transfer.js';
import { registerTroubles } from './commands/troubles.js';
import { registerUpkeep } from './commands/upkeep.js';
import { registerWatch } from './commands/watch.js';
import { registerWitnesses } from './commands/witnesses.js';

import { present, presentFailure, type Terminal } from './outcome.js';
import { shieldDigests } from './word.js';

/** The one list of commands, in the order of the help. */
const commands: readonly Register[] = [
  registerInit,
  registerNodeCommands,
  registerUpkeep,
  registerPeer,
  registerKeys,
  registerExpiry,
  registerAgreement,
  registerToken,
  registerImport,
  registerShipment,
  registerDraft,
  registerSingleRelease,
  registerStatements,
  registerInbox,
  registerWatch,
  registerNotify,
  registerTransfer,
  registerAttachment,
  registerOnward,
  registerRecall,
  registerAnswers,
  registerRetention,
  registerSubject,
  registerTroubles,
  registerWitnesses,
  registerCatalogue,
  registerAudit,
  registerCompletion,
];

/** Runs one command line (without the program's own name) and resolves to the exit code. */
export async function main(argv: string[], terminal: Terminal, now: () => number = currentSeconds): Promise<number> {
  let exitCode = 0;
  const run: Run =
    (act) =>
    async (...call) => {
      const command = call.at(-1) as Command;
      const options = command.optsWithGlobals();
      exitCode = present(
        terminal,
        await act(options as never, command.processedArgs as string[], { terminal, now }),
        options.json === true,
      );
    };
  try {
    await program(terminal, run).parseAsync(shieldDigests(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    return presentFailure(terminal, error, argv.includes('--json'));
  }
}

function program(terminal: Terminal, run: Run): Command {
  const entente = new Command('entente')
    .description(
      'Share intelligence on export-control and customs matters with the agencies of other states: set up, run and audit the node of one agency.',
    )
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => terminal.print(text.trimEnd()), writeErr: (text) => terminal.complain(text.trimEnd()) });
  for (const register of commands) register(entente, run);
  return entente.addHelpText(
    'after',
    `
Every command takes --json (one JSON object for programs, as the API answers) and --help (with examples).
Tables show times in UTC and the first characters of digests, which may be given back; --wide shows them whole.

Exit codes:
  0  done, and everything is in order
  1  done, and something is wrong: a check failed, the node refused
  2  not asked rightly: unknown option, missing or unreadable file
  3  the node cannot be reached, or cannot work now

Examples:
  $ entente init agency                 make a new agency, with questions and explanations
  $ entente serve -c agency/entente.json
  $ entente peer add de-lic.jwt --thumbprint 3fXq... -c agency/entente.json
  $ entente import declarations/        hand in declarations; some become draft alerts
  $ entente inbox list --state new      what partners sent`,
  );
}

const currentSeconds = (): number => Math.floor(Date.now() / 1000);
