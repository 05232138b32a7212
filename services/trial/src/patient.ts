/** Comes again to a node that has too much to do. */
import { setTimeout as pause } from 'node:timers/promises';

const TRIES = 12;

/** 503 with Retry-After (RFC 9110 section 10.2.3): the same request is sent again when it says. What must not happen twice carries a key. */
export async function patient(request: Request): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(request.clone());
    const seconds = Number(response.headers.get('retry-after') ?? 0);
    if (response.status !== 503 || seconds === 0 || tries === TRIES) return response;
    await response.body?.cancel();
    await pause(seconds * 1000);
  }
}
