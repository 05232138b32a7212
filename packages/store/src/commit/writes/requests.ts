import type pg from 'pg';
import type { Act } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { request } from '../../tables/request.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertRequests = inserter(request, 'ON CONFLICT DO NOTHING');
const answerText = `UPDATE request SET outcome = $3, code = $4, answer = $5, answered_at = $6
  WHERE statement = $1 AND peer = $2 AND outcome IS NULL`;

class RequestWriter implements Writer<Act> {
  readonly #requests: (typeof request.$inferInsert)[] = [];
  readonly #answers: unknown[][] = [];

  add(act: Act, plan: Plan): void {
    for (const item of act.requests ?? []) this.#requests.push({ ...item, position: plan.nextRecord() });
    for (const { request: of, peer, outcome, code, answer } of act.requestAnswers ?? [])
      this.#answers.push([Buffer.from(of, 'base64url'), peer, outcome, code ?? null, Buffer.from(answer, 'base64url'), plan.at]);
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertRequests(this.#requests);
    for (const values of this.#answers) yield { name: 'answer request', text: answerText, values };
  }
}

export const requests: Group<Act> = {
  uses: (act) => act.requests !== undefined || act.requestAnswers !== undefined,
  open: async () => () => new RequestWriter(),
};
