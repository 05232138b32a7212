/** What somebody can try while the agencies are up: addresses, and lines to paste. */
import type { Federation, Member } from './federation.js';
import type { Person } from './people.js';

export async function invitation(federation: Federation, folder: string): Promise<string> {
  const [customs, partner] = [federation.member('nl-cus'), federation.member('qm-cus')];
  const received = (await partner.api.inbox()).find((item) => item.statement)?.statement?.digest;
  return `
The agencies stay up. Their addresses:
${federation.members.map((m) => `   ${m.agency.title.padEnd(40)} ${m.agency.url}   description of the API: ${m.agency.url}/openapi.json`).join('\n')}

An officer of ${customs.agency.title} lists what was posted:
   ${curl(customs, 'analyst', '/v1/statements?limit=5')}

A partner's officer looks into the inbox of ${partner.agency.title}:
   ${curl(partner, 'analyst', '/v1/inbox?limit=5')}
${received ? `and reads the latest statement in it, saying why:\n   ${curl(partner, 'analyst', `/v1/statements/${received}/content`, why)}\n` : ''}
An auditor of ${customs.agency.title} reads the log, which has no content:
   ${curl(customs, 'auditor', '/audit/v1/entries?limit=5')}

The tokens hold for twelve hours and open nothing but this trial. Logs and data: ${folder}
Ctrl-C stops everything in order.
`;
}

const why = ['entente-purpose: CUSTOMS_CONTROL', 'entente-justification: trying the trial'];

const curl = (member: Member, person: Person, path: string, headers: string[] = []): string =>
  [`curl -s '${member.agency.url}${path}'`, ...[`authorization: Bearer ${member.tokens[person]}`, ...headers].map((h) => `-H '${h}'`)].join(
    ' ',
  );
