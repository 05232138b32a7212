import { examine } from '../doctor/doctor.js';
import type { Finding } from '../doctor/finding.js';
import type { Command } from './command.js';

const marks: Record<Finding['severity'], string> = { ok: 'ok     ', warning: 'WARNING', error: 'ERROR  ' };

/** Ends with 1 when something is an error: an administrator's timer can go by it. */
export const doctor: Command = async (config) => {
  const findings = await examine(config);
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  return {
    result: { entity_id: config.entity_id, errors: count('error'), warnings: count('warning'), findings },
    words: [
      ...findings.flatMap(({ severity, check, what, mend }) => [
        `${marks[severity]} ${check}: ${what}`,
        ...(mend ? [`        ${mend}`] : []),
      ]),
      `${count('error')} errors, ${count('warning')} warnings.`,
    ],
    exitCode: count('error') > 0 ? 1 : 0,
  };
};
