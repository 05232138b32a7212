import { asc } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { AgreementRecord } from '../records.js';
import type { Agreements } from '../store.js';
import { agreement, agreementAct, agreementTold, denunciationAnswer } from '../tables/agreement.js';

export function readAgreements(db: NodePgDatabase, now: () => number): Agreements {
  return {
    agreements: async () => {
      const { digest, jws, payload, signedBy, revision } = agreement;
      const [rows, acts, answers] = await Promise.all([
        db.select({ digest, jws, payload, signedBy, revision }).from(agreement).orderBy(asc(agreement.storedAt), asc(digest)),
        db.select().from(agreementAct).orderBy(asc(agreementAct.at), asc(agreementAct.seq)),
        db.select().from(denunciationAnswer).orderBy(asc(denunciationAnswer.at), asc(denunciationAnswer.digest)),
      ]);
      return rows.map((row) => ({
        ...row,
        acts: acts.filter((act) => act.agreement === row.digest),
        answers: answers.filter((answer) => answer.agreement === row.digest).map(answerRecord),
      }));
    },
    agreementsTold: async () => await db.select({ peer: agreementTold.peer, document: agreementTold.document }).from(agreementTold),
    agreementTold: async (peer, document) => {
      await db.insert(agreementTold).values({ peer, document, at: now() }).onConflictDoNothing();
    },
  };
}

type AnswerRow = typeof denunciationAnswer.$inferSelect;

function answerRecord({
  sentEpoch,
  sentPosition,
  receivedEpoch,
  receivedPosition,
  ...rest
}: AnswerRow): AgreementRecord['answers'][number] {
  return {
    ...rest,
    sent: { epoch: sentEpoch, position: sentPosition },
    received: { epoch: receivedEpoch, position: receivedPosition },
  };
}
