/** Every refusal of this node's HTTP faces: one class, one closed union of codes, RFC 9457 on the wire. docs/protocol.md section 12. */
import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Code -> HTTP status. A code without a row does not compile. */
const statuses = {
  // What was sent cannot be read.
  malformed_json: 400,
  malformed_xml: 400,
  bad_encoding: 400,
  duplicate_member: 400,
  bad_number: 400,
  lone_surrogate: 400,
  too_deep: 400,
  invalid_request: 400,
  bad_url: 400,
  bad_cursor: 400,
  purpose_missing: 400,
  unsupported_media_type: 415,
  too_large: 413,
  // Who asks.
  token_missing: 401,
  token_invalid: 401,
  token_expired: 401,
  access_denied: 403,
  role_forbidden: 403,
  purpose_not_allowed: 403,
  reader_not_named: 403,
  same_person: 403,
  not_originator: 403,
  too_many_requests: 429,
  // What is asked for.
  not_found: 404,
  recalled: 410,
  draft_state: 409,
  conflict: 409,
  on_hold: 409,
  too_late: 409,
  rules_changed: 409,
  agreement_state: 409,
  key_away: 409,
  unknown_epoch: 409,
  jti_reused: 409,
  key_not_unique: 409,
  version_conflict: 412,
  version_missing: 428,
  idempotency_mismatch: 422,
  invalid_statement: 422,
  unknown_kind: 422,
  unknown_purpose: 422,
  exercise_mismatch: 422,
  above_ceiling: 422,
  nothing_released: 422,
  declaration_refused: 422,
  webhook_refused: 422,
  not_releasable: 422,
  single_release_refused: 422,
  attachment_mismatch: 422,
  attachment_missing: 422,
  media_type_mismatch: 422,
  proof_invalid: 422,
  peer_invalid: 422,
  thumbprint_mismatch: 422,
  agreement_invalid: 422,
  // This node's own trouble: an id and nothing else.
  internal: 500,
  unavailable: 503,
} as const;

export type Code = keyof typeof statuses;
statuses satisfies Record<Code, number>;

export const codes = Object.keys(statuses) as Code[];
export const statusOf = (code: Code): number => statuses[code];

/** The JSON body of a refusal. `findings` and `errors` name places in what was sent, `releases` says why for each addressee. */
export interface ProblemBody {
  type: 'about:blank';
  title: string;
  status: number;
  code: Code;
  detail?: string;
  request_id: string;
  findings?: unknown[];
  errors?: { pointer: string; message: string }[];
  releases?: unknown[];
}

/** What a route, a hook or a flow throws. `detail` is shown to the caller: words for people, no content, nothing of others. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly statusCode: number;

  constructor(
    readonly code: Code,
    readonly detail: string,
    readonly members: Pick<ProblemBody, 'findings' | 'errors' | 'releases'> & { retryAfter?: number } = {},
  ) {
    super(`${code}: ${detail}`);
    this.statusCode = statuses[code];
  }
}

/** Of whoever finds the database away or busy; who leads to it knows no better. */
const AGAIN_AFTER_SECONDS = 5;

/** The error handler of every listener. What is no Problem of ours becomes one, or `internal`. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = asProblem(error);
  const status = statuses[problem.code];
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  const retryAfter = problem.members.retryAfter ?? (status === 503 ? AGAIN_AFTER_SECONDS : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(bodyOf(problem, request.id)));
}

export function bodyOf(problem: Problem, requestId: string): ProblemBody {
  const status = statuses[problem.code];
  const { retryAfter: _, ...members } = problem.members;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: problem.code,
    ...(status < 500 && { detail: problem.detail }),
    request_id: requestId,
    ...(status < 500 && members),
  };
}

/** Of anything that was thrown: for a stream, whose answers have statuses of their own. */
export const problemOf = (error: unknown, requestId: string): ProblemBody => bodyOf(asProblem(error), requestId);

/** Codes of the framework, and of the packages below, that have an answer of their own. Everything else is our own fault. */
const translations: Readonly<Record<string, readonly [Code, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'this route does not take that content type'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['too_large', 'the body is larger than this node takes'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'the body has another length than the header content-length says'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['malformed_json', 'the body is empty'],
  FST_ERR_BAD_URL: ['bad_url', 'the address is not well formed'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'there is nothing at this address'],
  idempotency_mismatch: ['idempotency_mismatch', 'this Idempotency-Key was used before with another request'],
  jti_reused: ['jti_reused', 'this statement id names another statement already'],
  stale: ['rules_changed', 'a peer or an agreement changed while this was done; ask again'],
  version_conflict: ['version_conflict', 'somebody changed it meanwhile; read it again'],
  unknown_reference: ['not_found', 'what this speaks of is not here'],
  bad_value: ['invalid_request', 'a value holds characters that cannot be stored'],
  key_not_unique: ['key_not_unique', 'a key or certificate is claimed by two nodes or for two uses'],
  key_compromised: ['not_found', 'the key that signed this was compromised before this node held it'],
  busy: ['unavailable', ''],
  unavailable: ['unavailable', ''],
  on_hold: ['on_hold', 'a legal hold keeps it'],
  too_late: ['too_late', 'the limit by which this could be done has passed'],
  bad_cursor: ['bad_cursor', 'this cursor was not given out by this list'],
};

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code, validation, validationContext } = error as { code?: string; validation?: Validation[]; validationContext?: string };
  if (validation) return invalid(validation, validationContext ?? 'body');
  const translated = code === undefined ? undefined : translations[code];
  return translated ? new Problem(translated[0], translated[1]) : new Problem('internal', '');
}

interface Validation {
  instancePath: string;
  message?: string;
  params?: Record<string, unknown>;
}

function invalid(validation: Validation[], context: string): Problem {
  const errors = validation.map(({ instancePath, message, params }) => ({
    pointer: context === 'body' ? instancePath : `${context}${instancePath}`,
    message: [message ?? 'is not valid', named(params)].filter(Boolean).join(': '),
  }));
  return new Problem('invalid_request', `the ${context} is not as this route describes it`, { errors });
}

/** The member that ajv complains of: a name that came from outside, so cut. */
function named(params: Record<string, unknown> | undefined): string | undefined {
  const name = params?.additionalProperty ?? params?.unevaluatedProperty ?? params?.allowedValues;
  return name === undefined ? undefined : (Array.isArray(name) ? name.join(', ') : String(name)).slice(0, 300);
}
