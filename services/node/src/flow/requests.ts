/** What a statement asks of somebody by a time, or answers to what was asked, as rows: so that a refusal is told from silence. */
import { codeOf, type Kind, type Relation } from '@entente/statement';
import type { Act, Digest, RequestAnswer } from '@entente/store';

interface Said {
  digest: Digest;
  kind: Kind;
  rel: readonly Relation[];
  body: Record<string, unknown>;
}

/** @param peers to whom this node says it, or who says it to this node */
export function requestsOf(
  { digest, kind, rel, body }: Said,
  peers: readonly string[],
  own: boolean,
): Pick<Act, 'requests' | 'requestAnswers'> {
  const { asks, decides } = kind;
  const replyBy = asks && Math.floor(Date.parse(String(body[asks.replyBy])) / 1000);
  const outcome = decides && codeOf(decides.list, String(body[decides.decision]))?.outcome;
  return {
    ...(replyBy && { requests: peers.map((peer) => ({ statement: digest, kind: kind.name, own, peer, replyBy })) }),
    ...(decides && typeof outcome === 'string' && { requestAnswers: answers(outcome as RequestAnswer['outcome'], body[decides.ground]) }),
  };

  function answers(how: RequestAnswer['outcome'], ground: unknown): RequestAnswer[] {
    const asked = rel.filter(({ type }) => type === 'replies_to').map(({ of }) => of);
    const code = how === 'refused' && typeof ground === 'string' ? { code: ground } : {};
    return asked.flatMap((request) => peers.map((peer) => ({ request, peer, outcome: how, ...code, answer: digest })));
  }
}
