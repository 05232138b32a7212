/** Where a request for consent stands, by what its originator has signed and by the clock. Silence is a state, and never consent. */
import { codeOf, type JsonObject } from '@entente/statement';
import type { StatementRecord } from '@entente/store';
import type { Consents } from '../flow/consents.js';

export type ConsentState = 'OPEN' | 'GRANTED' | 'REFUSED' | 'LAPSED' | 'WITHDRAWN' | 'ENDED';

export interface Decision {
  record: StatementRecord;
  body: JsonObject;
  withdrawn: boolean;
}

/** The latest, unless it was withdrawn: then that. */
export async function decisionOn(
  consents: Pick<Consents, 'decisionsOn' | 'open' | 'withdrawn'>,
  request: string,
  originator: string,
): Promise<Decision | undefined> {
  const [record] = await consents.decisionsOn(request, originator);
  if (!record) return undefined;
  const { body } = await consents.open(record);
  return { record, body, withdrawn: await consents.withdrawn(record.digest) };
}

/** @param now seconds since the epoch */
export function consentStateOf(request: JsonObject, decision: Decision | undefined, now: number): ConsentState {
  if (decision === undefined) return now > secondsOf(request.reply_by) ? 'LAPSED' : 'OPEN';
  if (decision.withdrawn) return 'WITHDRAWN';
  if (codeOf('consent-decision', String(decision.body.decision))?.grants !== true) return 'REFUSED';
  const { until } = (decision.body.scope ?? {}) as JsonObject;
  return until !== undefined && now >= secondsOf(until) ? 'ENDED' : 'GRANTED';
}

const secondsOf = (time: unknown): number => Date.parse(String(time)) / 1000;
