/** One attempt to tell one webhook one thing. */

import { Agent, request } from 'undici';
import { timeLimit } from '../time-limit.js';
import { type AddressPolicy, guardedLookup, refusalOfUrl } from './address.js';

const CONNECT_MS = 5_000;
const WHOLE_MS = 15_000;

export interface Post extends AsyncDisposable {
  /** Undefined when the receiver took it (2xx); else in a word why not, `410` among them: it wants nothing any more. */
  (url: string, headers: Record<string, string>, body: string, stop: AbortSignal): Promise<string | undefined>;
}

/** No redirect is followed, and of the answer nothing but its status is read. */
export function openPost(policy: AddressPolicy): Post {
  const agent = new Agent({ connect: { lookup: guardedLookup(policy), timeout: CONNECT_MS }, maxResponseSize: 65_536, pipelining: 1 });

  async function post(url: string, headers: Record<string, string>, body: string, stop: AbortSignal): Promise<string | undefined> {
    if (refusalOfUrl(url, policy)) return 'address_refused';
    try {
      const answer = await request(url, {
        method: 'POST',
        dispatcher: agent,
        headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'entente-webhooks/1' },
        body,
        headersTimeout: WHOLE_MS,
        bodyTimeout: WHOLE_MS,
        signal: AbortSignal.any([stop, timeLimit(WHOLE_MS)]),
      });
      await answer.body.dump({ limit: 16_384 }).catch(() => undefined);
      return answer.statusCode >= 200 && answer.statusCode < 300 ? undefined : String(answer.statusCode);
    } catch (error) {
      const { code, name } = error as { code?: string; name?: string };
      return (code ?? name ?? 'no_answer').slice(0, 60);
    }
  }
  return Object.assign(post, { [Symbol.asyncDispose]: () => agent.destroy() });
}
