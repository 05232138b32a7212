/** What somebody can try while the agencies are up: addresses, and lines to paste. */
import type { Federation, Member } from './federation.js';
import type { Person } from './people.js';

export function invitation(federation: Federation, folder: string): string {
  const [customs, partner] = [federation.member('nl-cus'), federation.member('qm-cus')];
  return `
The agencies stay up. Their addresses:
${federation.members.map((m) => `   ${m.agency.title.padEnd(40)} ${m.agency.url}   description of the API: ${m.agency.url}/openapi.json`).join('\n')}

An officer of ${customs.agency.title} lists what was posted:
   ${curl(customs, 'analyst', '/v1/statements?limit=5')}

A partner's officer looks into the inbox of ${partner.agency.title}:
   ${curl(partner, 'analyst', '/v1/inbox?limit=5')}
and reads a statement, saying why (put a digest from the list in place of DIGEST):
   ${curl(partner, 'analyst', '/v1/statements/DIGEST/content', ['entente-purpose: CUSTOMS_CONTROL', 'entente-justification: trying the trial'])}

An auditor of ${customs.agency.title} reads the log, which has no content:
   ${curl(customs, 'auditor', '/audit/v1/entries?limit=5')}

The tokens hold for twelve hours and open nothing but this trial. Logs and data: ${folder}
Ctrl-C stops everything in order.
`;
}

const curl = (member: Member, person: Person, path: string, headers: string[] = []): string =>
  [`curl -s '${member.agency.url}${path}'`, ...[`authorization: Bearer ${member.tokens[person]}`, ...headers].map((h) => `-H '${h}'`)].join(
    ' ',
  );
