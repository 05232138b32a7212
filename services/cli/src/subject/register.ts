import type { SubjectFinding, SubjectInput, SubjectListed, SubjectRequest } from '../answers.js';
import type { Act } from '../command.js';
import { parseJson, readText } from '../files.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { moreBelow, type PagingOptions, pageOf } from '../paging.js';
import { type PurposeOptions, purposeHeaders } from '../purpose.js';
import { type Columns, listing, sheet, showing } from '../table.js';

/** `entente subject register FILE`. */
export const registerRequest: Act<ConnectionOptions> = async (options, [file = '']) => {
  const body = parseJson(await readText(file, 'request'), file, 'request') as SubjectInput;
  const { data } = await (await connect(options, 'DPO')).POST('/v1/subject-requests', { body });
  return { result: { ...data }, words: [`Registered as ${data?.id}; to be answered by ${showing().time(data?.due_at)}.`] };
};

const columns: Columns<SubjectListed> = {
  REQUEST: (r) => r.id,
  STATE: (r) => r.state,
  STANDING: (r) => r.standing,
  RIGHT: (r) => r.right,
  CHANNEL: (r) => r.channel,
  IDENTITY: (r) => r.identity,
  DUE: (r, show) => `${show.time(r.due_at)}${r.extended ? ' (extended)' : ''}`,
  OUTCOME: (r) => r.outcome,
};

/** `entente subject list`. */
export const listRequests: Act<ConnectionOptions & PagingOptions & { state?: SubjectListed['state']; due?: number }> = async (options) => {
  const client = await connect(options, 'DPO');
  const { state, due, wide } = options;
  const asked = { ...(state && { state }), ...(due !== undefined && { due_within_days: due }) };
  const page = await pageOf(options, (query) => client.GET('/v1/subject-requests', { params: { query: { ...asked, ...query } } }));
  return { result: { ...page }, words: [...listing(page.items, columns, { wide, none: 'Nobody asks.' }), ...moreBelow(page)] };
};

const findings: Columns<SubjectFinding> = {
  STATEMENT: (f, show) => show.digest(f.statement.digest),
  KIND: (f) => f.statement.kind,
  ORIGINATOR: (f) => (f.statement.own ? `${f.statement.originator} (own)` : f.statement.originator),
  TELLING: (f) => f.telling.replaceAll('_', ' '),
  ASKED: (f) => f.unreachable ?? f.refusal ?? f.consultation,
  'MAY BE TOLD': (f) => f.told?.join(' '),
  SINCE: (f) => f.measures.map(({ type, in_answer }) => `${type}${in_answer ? ' (in answer)' : ''}`).join(', '),
};

/** `entente subject show REQUEST`. */
export const showRequest: Act<ConnectionOptions & PurposeOptions & { wide?: boolean }> = async (options, [id = '']) => {
  const header = purposeHeaders(options);
  const { data } = await (await connect(options, 'DPO')).GET('/v1/subject-requests/{id}', { params: { path: { id }, header } });
  const { subject, asks, answer, findings: found, ...request } = data as SubjectRequest;
  const who = { names: subject.names.join('; '), born: subject.birth_date, contact: subject.contact, asks };
  const { right, state, standing, due_at, identity, outcome, ground } = request;
  return {
    result: { ...data },
    words: [
      ...sheet({
        ...who,
        right,
        identity,
        state,
        standing,
        due: showing(options.wide).time(due_at),
        outcome,
        ground,
        answer: answer?.text,
      }),
      '',
      ...listing(found, findings, { wide: options.wide, none: 'Nothing was found.' }),
    ],
  };
};

/** `entente subject identify REQUEST`. */
export const identify: Act<ConnectionOptions & { identity: SubjectListed['identity']; note?: string }> = async (options, [id = '']) => {
  const { identity, note } = options;
  const client = await connect(options, 'DPO');
  await client.PUT('/v1/subject-requests/{id}/identity', {
    params: { path: { id } },
    body: { identity, ...(note !== undefined && { note }) },
  });
  return { result: { id, identity }, words: [`Noted: ${identity}.`] };
};

/** `entente subject extend REQUEST`. */
export const extend: Act<ConnectionOptions & { reason: string }> = async ({ reason, ...options }, [id = '']) => {
  const client = await connect(options, 'DPO');
  const { data } = await client.POST('/v1/subject-requests/{id}/extension', { params: { path: { id } }, body: { reason } });
  return { result: { ...data }, words: [`To be answered by ${showing().time(data?.due_at)}.`] };
};
