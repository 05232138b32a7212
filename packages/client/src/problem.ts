/**
 * What a node answered when it did not do what was asked: a problem document of RFC 9457.
 * `code` is one of the node's closed, documented codes; `requestId` finds the same request in the node's own log.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;

  constructor(problem: {
    code: string;
    status: number;
    title?: string | undefined;
    detail?: string | undefined;
    requestId?: string | undefined;
  }) {
    super(problem.detail ?? problem.title ?? `the node answered ${problem.status}`);
    this.code = problem.code;
    this.status = problem.status;
    this.detail = problem.detail;
    this.requestId = problem.requestId;
  }
}

/** No answer at all: nothing listens there, the name is unknown, the connection broke. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(
    readonly url: string,
    cause: unknown,
  ) {
    super(`no answer from ${url}: ${reasonOf(cause)}`, { cause });
  }
}

/** The code for an answer that is no problem document: something that is not a node stands at the address. */
export const unexpectedAnswer = 'unexpected_answer';

/** Reads the problem from an answer that is not a success. The body is attacker-controlled: only strings are taken from it. */
export async function readProblem(response: Response): Promise<ProblemError> {
  const members = await problemMembers(response);
  return new ProblemError({
    code: text(members.code) ?? unexpectedAnswer,
    status: response.status,
    title: text(members.title),
    detail: text(members.detail),
    requestId: text(members.request_id) ?? response.headers.get('x-request-id') ?? undefined,
  });
}

async function problemMembers(response: Response): Promise<Record<string, unknown>> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return {};
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The reason nearest to the network: fetch says "fetch failed" and hides it in `cause`, and a name with two addresses hides two more. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}
