import type { SignedAgreement } from './agreement.js';

/** A place on the feed from one node to another. */
export interface FeedPlace {
  epoch: number;
  position: number;
}

/** The other side's signed answer to a denunciation: how far each feed had come when it learned of it (docs/protocol.md 8). */
export interface LastPositions {
  /** digest of the denunciation */
  denunciation: string;
  /** who answers whom */
  by: string;
  to: string;
  /** on the feed from `by` to `to` */
  sent: FeedPlace;
  /** on the feed from `to` to `by` */
  received: FeedPlace;
}

interface Late {
  from: string;
  to: string;
  /** where the sender's pages place the release; unknown while no page names it */
  place: FeedPlace | undefined;
  now: number;
}

/**
 * Whether a release that is judged after a denunciation still falls under the agreement: up to the last position that the other side has
 * signed; without its answer, until the days of grace are over.
 */
export function isWithinDenounced(signed: SignedAgreement, { from, to, place, now }: Late): boolean {
  const { acts = [], answers = [], agreement } = signed;
  const denunciations = acts.filter(({ act, party }) => act === 'denounced' && (party === from || party === to));
  return denunciations.every(({ party, digest, heldAt }) => {
    const other = party === from ? to : from;
    const answer = answers.find(({ denunciation, by }) => denunciation === digest && by === other);
    if (answer === undefined) return now < heldAt + agreement.grace_hours * 3600;
    return place !== undefined && isUpTo(place, other === from ? answer.sent : answer.received);
  });
}

const isUpTo = (place: FeedPlace, last: FeedPlace): boolean =>
  place.epoch < last.epoch || (place.epoch === last.epoch && place.position <= last.position);

/** Whether anybody has denounced an agreement to which the node is a party: from then on places on feeds count. */
export const isDenounced = ({ agreement, acts = [] }: SignedAgreement, node: string): boolean =>
  agreement.parties.includes(node) && acts.some(({ act }) => act === 'denounced');
