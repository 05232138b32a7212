import type { NodeClient } from '@entente/client';
import { CliError } from './failure.js';

/**
 * Makes every refusal of the node a failure with words, and keeps the places that it names: a statement that is refused for three fields is
 * mended by who knows all three. The body is attacker-controlled, so only text of the expected members is taken.
 */
export function explainRefusals(client: NodeClient): NodeClient {
  client.use({
    async onResponse({ response }) {
      if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return;
      throw refusalOf(response.status, members(await response.json().catch(() => undefined)));
    },
  });
  return client;
}

export function refusalOf(status: number, problem: Record<string, unknown>): CliError {
  const code = text(problem.code) ?? 'unexpected_answer';
  const places = [...list(problem.findings), ...list(problem.errors), ...list(problem.releases)];
  const advice = adviceFor[code] ?? adviceFor[status] ?? 'The log of the node tells more under the request id.';
  return new CliError(
    status === 503 ? 'unavailable' : 'refused',
    `the node refused (${code}): ${text(problem.detail) ?? text(problem.title) ?? status}`,
    [...places.map(placeIn), advice].join('\n  '),
    {
      problem: code,
      status,
      request_id: text(problem.request_id),
      ...given(problem, 'findings'),
      ...given(problem, 'errors'),
      ...given(problem, 'releases'),
    },
  );
}

const given = (problem: Record<string, unknown>, member: string) => (Array.isArray(problem[member]) ? { [member]: problem[member] } : {});
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const members = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(members) : []);

/** A finding, an error of form, or the answer for one addressee: where, and what is wrong there. */
function placeIn(place: Record<string, unknown>): string {
  const where = text(place.pointer) ?? text(place.addressee) ?? '';
  const rule = text(place.id) ?? text(place.rule);
  return `${where || '(whole)'}: ${text(place.message) ?? text(place.reason) ?? text(place.code) ?? 'refused'}${rule ? ` [${rule}]` : ''}`;
}

/** By the node's code, else by the status. */
const adviceFor: Record<string, string> = {
  role_forbidden: 'Use a token with the role that may do this; the roles are in `entente token --help`.',
  purpose_not_allowed: 'It may be read only for a purpose for which it was given; the agreement names them: `entente agreement list`.',
  unknown_purpose: 'The purposes are in `entente code-list purpose`.',
  same_person: 'Four eyes: another officer, with a token of his own, decides upon it.',
  single_release_refused: "Hand it to a second officer: `entente draft submit`, then another one's `entente draft release`.",
  too_late: 'Look at what became of it: `entente single-release list`.',
  draft_state: 'Look at where it stands: `entente draft list`.',
  version_conflict: 'Read it again, and decide upon what it says now.',
  invalid_statement: 'Mend these places; the fields of a kind are in `entente kind schema KIND`.',
  nothing_released: 'Nothing left the node. What may be sent to whom is in the agreements: `entente agreement list`.',
  agreement_state: 'Look at where it stands: `entente agreement list`.',
  key_away: 'Sign where the federation key is: `entente agreement sign`, then `entente agreement load` here.',
  exercise_mismatch: 'This node exchanges exercises only, or none; see `exercise` in the statement.',
  too_many_requests: 'Wait a minute, then go on.',
  unavailable: 'The node is busy, or its database is away: try again; its log tells more under the request id.',
  401: 'The token is not valid there: make a new one, or check that it was made for this node.',
  403: 'Use a token with the role that may do this; the roles are in `entente token --help`.',
  404: 'Look at what the node has with the matching `list` or `show` command.',
};
