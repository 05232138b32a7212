import type { Agency } from './create.js';
import { layout } from './layout.js';

/** What a person is told after the folder was made. */
export function nextSteps(agency: Agency): string[] {
  const steps = [
    ...agency.missing.map((path) => `Write the database address into ${path} (one line, then \`chmod 600\`).`),
    `Move the folder offline/ to a medium that is kept in a safe: it holds the next federation key, and who has both has the agency.`,
    `Send ${layout.entityConfiguration} to the partner agencies, and tell them the thumbprint by another channel (telephone, letter):`,
    `    ${agency.thumbprint}`,
    `Check, prepare the database, start:  entente config check && entente migrate && entente serve  (each with --config ${agency.configuration_file})`,
  ];
  return [
    `The agency ${agency.entity_id} is ready in ${agency.folder}.`,
    `README.md there explains every file and every value of ${layout.configuration}.`,
    '',
    'What to do now:',
    ...steps.map((step) => (step.startsWith(' ') ? step : `  - ${step}`)),
  ];
}
