import type pg from 'pg';
import type { Act, NewAgreementAct, NewDenunciationAnswer } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { agreementAct, denunciationAnswer } from '../../tables/agreement.js';
import { leafOf } from '../leaf-of.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertActs = inserter(agreementAct);
const insertAnswers = inserter(denunciationAnswer);

interface Known {
  /** Digest by agreement, party and number. */
  acts: Map<string, string>;
  /** Denunciation and who answered. */
  answers: Set<string>;
}

const keyOf = ({ agreement, seq, party }: Pick<NewAgreementAct, 'agreement' | 'seq' | 'party'>) => `${agreement} ${seq} ${party}`;
const answerKeyOf = ({ denunciation, iss }: { denunciation: string; iss: string }) => `${denunciation} ${iss}`;

class AgreementActWriter implements Writer<Act> {
  readonly #acts: (typeof agreementAct.$inferInsert)[] = [];
  readonly #answers: (typeof denunciationAnswer.$inferInsert)[] = [];

  constructor(readonly known: Known) {}

  add(act: Act, plan: Plan): void {
    for (const item of act.agreementActs ?? []) this.#addAct(item, plan);
    for (const item of act.denunciationAnswers ?? []) this.#addAnswer(item, plan);
  }

  #addAct(item: NewAgreementAct, plan: Plan): void {
    const known = this.known.acts.get(keyOf(item));
    if (known === item.digest) return;
    if (known !== undefined) throw new StoreError('version_conflict', `${item.party} has said something else under number ${item.seq}`);
    this.known.acts.set(keyOf(item), item.digest);
    this.#acts.push({ ...item, at: plan.at });
    plan.leaf(leafOf.agreementAct(item));
    plan.notify('agreement', item.agreement);
  }

  #addAnswer(answer: NewDenunciationAnswer, plan: Plan): void {
    const { sent, received, ...item } = answer;
    if (this.known.answers.has(answerKeyOf(item))) return;
    this.known.answers.add(answerKeyOf(item));
    const places = {
      sentEpoch: sent.epoch,
      sentPosition: sent.position,
      receivedEpoch: received.epoch,
      receivedPosition: received.position,
    };
    this.#answers.push({ ...item, ...places, at: plan.at });
    plan.leaf(leafOf.denunciationAnswer(answer));
    plan.notify('agreement', item.agreement);
  }

  *queries(): Iterable<pg.QueryConfig> {
    // Waits for whoever issues under the agreement at this moment, and makes whoever comes after see the act.
    const changed = this.#acts.map(({ agreement }) => Buffer.from(agreement, 'base64url'));
    if (changed.length > 0)
      yield { text: 'UPDATE agreement SET revision = revision + 1 WHERE digest = ANY ($1::bytea[])', values: [changed] };
    yield* insertActs(this.#acts);
    yield* insertAnswers(this.#answers);
  }
}

const actsText = `SELECT agreement, seq, party, digest FROM agreement_act WHERE agreement = ANY ($1::bytea[])`;
const answersText = `SELECT denunciation, iss FROM denunciation_answer WHERE denunciation = ANY ($1::bytea[])`;
const bytes = (digests: string[]) => digests.map((digest) => Buffer.from(digest, 'base64url'));

export const agreementActs: Group<Act> = {
  uses: (act) => act.agreementActs !== undefined || act.denunciationAnswers !== undefined,
  open: async (client, acts) => {
    const agreements = bytes(acts.flatMap((act) => act.agreementActs ?? []).map(({ agreement }) => agreement));
    const denunciations = bytes(acts.flatMap((act) => act.denunciationAnswers ?? []).map(({ denunciation }) => denunciation));
    type ActRow = { agreement: Buffer; seq: number; party: string; digest: Buffer };
    type AnswerRow = { denunciation: Buffer; iss: string };
    const said = await client.query<ActRow>({ name: 'agreement acts', text: actsText, values: [agreements] });
    const answered = await client.query<AnswerRow>({ name: 'denunciation answers', text: answersText, values: [denunciations] });
    const text = (digest: Buffer) => digest.toString('base64url');
    const known = said.rows.map((row) => [keyOf({ ...row, agreement: text(row.agreement) }), text(row.digest)] as const);
    const answers = answered.rows.map((row) => answerKeyOf({ ...row, denunciation: text(row.denunciation) }));
    return () => new AgreementActWriter({ acts: new Map(known), answers: new Set(answers) });
  },
};
