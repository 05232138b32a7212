/** What left is called back: the author recalls it, every holder answers under its own signature, and the logs keep the digests. */
import { ProblemError } from '@entente/client';
import { codesOf } from '@entente/statement';
import type { Member } from './federation.js';
import { leavesOf } from './log-leaves.js';
import type { Narrator } from './narrate.js';
import type { PassedOn } from './onward.js';
import { until } from './until.js';

/** What became of one recall. */
export interface Recalled {
  /** Digest of the statement that was called back. */
  target: string;
  /** How many agencies hold it, onward ones included. */
  holders: number;
  /** How many of them have answered that they complied. */
  complied: number;
}

const why = { purpose: 'CUSTOMS_CONTROL', justification: 'Trial: calling back what was wrong' };
/** An answer takes a few turns of the lines; this is for a machine that is busy with other things. */
const PATIENCE_SECONDS = 60;

export async function callBack(passedOn: PassedOn, narrator: Narrator): Promise<Recalled> {
  const { originator, holder, recipient, relayed, text } = passedOn;
  const recall = await say(passedOn, narrator);
  const from = performance.now();
  narrator.say('Who still owes an answer, in this moment. Each sees only those to whom it gave the statement itself:');
  narrator.table([
    ['seen by', 'holder', 'answer', 'owed by'],
    ...(await standing(originator, recall)),
    ...(await standing(holder, recall).catch(() => [[holder.agency.name, recipient.agency.id, 'the recall is still under way', '']])),
  ]);
  const answers = await Promise.all([
    answered(originator, recall, text.holder, from, narrator),
    answered(holder, recall, text.to, from, narrator),
  ]);
  const complied = answers.filter(({ state }) => state === 'COMPLIED').length;
  if (complied === answers.length) narrator.say('Nobody owes an answer any more.');
  await shut(passedOn, narrator);
  return { target: relayed.digest, holders: answers.length, complied };
}

/** The digest of the recall. */
async function say({ originator, relayed, text }: PassedOn, narrator: Narrator): Promise<string> {
  const { reason, effect, explanation, second_officer } = text.recall;
  narrator.say(`${originator.agency.title} finds that its sighting was wrong (${reason}): "${explanation}" It calls it back.`);
  const asked = await originator.api.recall(relayed.digest, {
    reason: reason as 'FACTUALLY_WRONG',
    effect: effect as 'ERASE',
    explanation: { text: explanation, data_class: 'N0' },
  });
  const { statement } = await originator.api.release(
    (asked as { draft: string }).draft,
    { checklist: codesOf('release-checklist') as never, reason: second_officer },
    why,
  );
  const { comply_by } = await originator.api.recalled(statement);
  narrator.say(
    `A second officer releases the recall ("${second_officer}"). It goes before everything else, to everybody who has the sighting; whoever passed it on passes the recall on. What they hold is to be destroyed, by ${comply_by} at the latest.`,
  );
  return statement;
}

async function standing(member: Member, recall: string): Promise<string[][]> {
  const { holders = [], comply_by } = await member.api.recalled(recall);
  return holders.map(({ holder, state, outcome }) => [member.agency.name, holder, outcome ?? state, outcome ? '' : comply_by]);
}

/** Waits for it, and tells what it says. */
async function answered(asker: Member, recall: string, id: string, from: number, narrator: Narrator): Promise<{ state: string }> {
  const answer = await until(
    `the answer of ${id} to the recall`,
    async () =>
      (await asker.api.recalled(recall).catch(() => undefined))?.holders?.find(
        ({ holder, answer }) => holder === id && answer !== undefined,
      ),
    PATIENCE_SECONDS,
  );
  const { body } = await asker.api.content(answer.answer!, why);
  const { onward_informed: told = 0, done_at } = body as { onward_informed?: number; done_at?: string };
  narrator.say(
    `${id} answers ${asker.agency.title} ${Math.round(performance.now() - from)} ms after the recall, signed: ${answer.outcome}, done at ${done_at}${told > 0 ? `; ${told} to whom it had passed it on has been told` : ''}.`,
  );
  return answer;
}

/** Reading it is refused everywhere, and every log keeps what happened as digests. */
async function shut({ originator, holder, recipient, relayed }: PassedOn, narrator: Narrator): Promise<void> {
  for (const member of [originator, holder, recipient]) {
    const code = await member.api.content(relayed.digest, why).then(
      () => 'shown',
      (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
    );
    if (code !== 'recalled') throw new Error(`${member.agency.title} still has an answer for the recalled statement: ${code}`);
  }
  narrator.say(`No node shows ${relayed.digest} any more. What the logs keep of it is digests and times:`);
  const rows = await Promise.all(
    [originator, holder, recipient].map(async (member) => {
      const leaves = (await leavesOf(member)).filter(({ digest, ref }) => digest === relayed.digest || ref === relayed.digest);
      return [member.agency.name, leaves.map(({ op, at }) => `${op} ${at}`).join('\n')];
    }),
  );
  narrator.table([['log of', 'what happened to it'], ...rows]);
}
