import type { Command } from 'commander';
import { decide, type RawAnswers } from '../agency/answers.js';
import { nextSteps } from '../agency/next-steps.js';
import { flagOf, type Setting, settings } from '../agency/settings.js';
import { type Register, type World, withExamples, withJson } from '../command.js';
import { CliError } from '../failure.js';
import { parseJson, readText } from '../files.js';
import type { Outcome } from '../outcome.js';

type InitOptions = { answers?: string; trial?: boolean; json?: boolean } & Record<string, unknown>;

export const registerInit: Register = (program, run) => {
  const command = program
    .command('init')
    .summary('make the folder of a new agency: keys, certificate, configuration')
    .description(
      'Makes a folder with everything that the node of a new agency needs: keys, certificate, configuration. On a terminal it asks for what is not given and explains it. It never overwrites anything.',
    )
    .argument('[folder]', 'where to make it; must not exist or be empty', 'entente');
  for (const setting of settings) command.option(`${flagOf(setting)} <${setting.value.toLowerCase()}>`, helpOf(setting));
  command
    .option('--answers <file>', 'JSON file with any of the above as members (entity_id, name, ...); flags win over it; - is standard input')
    .option('--trial', 'for trying out: a local issuer of tokens (refused in production), this machine only, quick checkpoints');
  withExamples(withJson(command), [
    'entente init                                  # asks and explains',
    'entente init agency --entity-id https://nl-cus.example --name "Customs NL" --country NL --agency-type CUS',
    'entente init agency --answers answers.json --json',
  ]);
  command.action(run<InitOptions>((options, [folder], world) => init(options, folder as string, command, world)));
};

/** The first sentence will do in a list; the whole explanation comes with the question and in the folder's README. */
function helpOf(setting: Setting): string {
  return `${setting.question}: ${setting.explanation.split(/(?<=\.) (?=[A-Z])/)[0]}`;
}

async function init(options: InitOptions, folder: string, command: Command, { terminal, now }: World): Promise<Outcome> {
  const given = { ...(await answersFile(options.answers)), ...flags(command) };
  const answers = await decide(given, terminal.interactive && !options.json ? asking(terminal) : undefined);
  const { createAgency } = await import('../agency/create.js');
  const agency = await createAgency(folder, answers, now());
  return { result: { ...agency }, words: nextSteps(agency) };
}

function flags(command: Command): RawAnswers {
  const values = command.opts<Record<string, unknown>>();
  const camel = (member: string) => member.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const members = [...settings.map((setting) => setting.member), 'trial' as const];
  return Object.fromEntries(members.map((member) => [member, values[camel(member)]]).filter(([, value]) => value !== undefined));
}

async function answersFile(file: string | undefined): Promise<RawAnswers> {
  if (file === undefined) return {};
  const members = parseJson(await readText(file, 'answers file'), file, 'answers file');
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    throw new CliError(
      'file_invalid',
      `${file} should hold one JSON object`,
      'Its members are the settings, for instance {"entity_id": "https://nl-cus.example"}.',
    );
  }
  return members as RawAnswers;
}

function asking(terminal: World['terminal']) {
  return (setting: Setting, fallback: string): Promise<string> => {
    terminal.print(`\n${setting.explanation}`);
    return terminal.ask(`${setting.question}${fallback ? ` [${fallback}]` : ''}: `);
  };
}
