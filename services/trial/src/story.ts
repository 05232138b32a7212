/** What `npm start` shows, step by step: the people of the agencies do it, over the published APIs, and it is told as it happens. */
import type { Json, StatementInput } from '@entente/statement';
import { answered, completed, type Decision } from './decision.js';
import type { Federation, Member } from './federation.js';
import { answerTo, type DeclarationFile, decisionOn, expectationsOf, expectationsOfAnswer } from './fixtures.js';
import type { Expectation } from './leaks.js';
import type { Narrator } from './narrate.js';
import { membersOf, sideBySide } from './present.js';
import { tellPreviews } from './preview.js';
import { until } from './until.js';

/** A statement that was issued in this run, with those it was released to. */
export interface Issued {
  digest: string;
  from: Member;
  to: Member[];
  /** When its release was answered, as performance.now() tells it. */
  releasedAt: number;
  /** Name of the declaration that it goes back to. */
  about: string;
  expectations: Expectation[] | undefined;
}

export interface FileOutcome {
  file: string;
  shipment?: string;
  draft?: string;
  posted?: string;
  reasons: string[];
  /** It could not be gone through with, for a reason that is not the node's decision: the trial has not held. */
  failed?: true;
}

const reading = { purpose: 'CUSTOMS_CONTROL', justification: 'Trial: completing and releasing the draft of a declaration' };

/** One declaration: a shipment, perhaps a draft; the draft is completed, released, received, shown. */
export async function follow(
  federation: Federation,
  file: DeclarationFile,
  narrator: Narrator,
): Promise<{ outcome: FileOutcome; issued: Issued[] }> {
  const customs = federation.member('nl-cus');
  const declared = await customs.api.declare(file.bytes);
  const outcome: FileOutcome = { file: file.name, reasons: declared.reasons.map((r) => r.reason) };
  if (declared.shipment) outcome.shipment = declared.outcome;
  if (!declared.draft) return { outcome, issued: [] };
  const { state } = await customs.api.draft(declared.draft, reading);
  if (state !== 'draft' && state !== 'submitted') {
    if (declared.outcome !== 'already_known')
      outcome.reasons.push('its alert was released before: an officer decides whether a correction is due');
    return { outcome, issued: [] };
  }
  outcome.draft = declared.draft;

  narrator.say(
    declared.open
      ? `${file.name}: the declaration became a shipment, and the shipment a draft alert. The machine says only what the declaration says; open for an officer: ${membersOf(declared.open)}.`
      : `${file.name}: its draft alert was left open by an earlier run.`,
  );
  const decision = await decisionOn(file.name);
  narrator.say(`An officer completes it. His reason: "${decision.reason}"`);
  const input = await complete(customs, declared.draft, decision);
  await preview(federation, customs, declared.draft, decision, narrator);
  const alert = await release(federation, customs, declared.draft, decision, file.name, narrator);
  if (!alert) {
    outcome.reasons.push('no rule permits a release to any of the addressees');
    return { outcome, issued: [] };
  }
  outcome.posted = alert.digest;
  alert.expectations = await expectationsOf(file.name);
  await show(input, alert, narrator);
  const answer = await answerOf(federation, alert, narrator);
  return { outcome, issued: answer ? [alert, answer] : [alert] };
}

async function complete(customs: Member, id: string, decision: Decision): Promise<StatementInput> {
  const draft = await customs.api.draft(id, reading);
  if (draft.state === 'submitted') return draft.statement as unknown as StatementInput;
  const input = completed(draft.statement as Partial<StatementInput>, decision, Date.now());
  const { version } = await customs.api.replaceDraft(id, draft.etag, { statement: input as never, addressees: decision.addressees });
  await customs.api.submit(id, version, decision.addressees);
  return input;
}

async function preview(federation: Federation, customs: Member, id: string, decision: Decision, narrator: Narrator): Promise<void> {
  narrator.say('Before anything leaves, the second officer sees what each partner would get, and which rule decides:');
  const seen = await Promise.all(decision.addressees.map((addressee) => customs.api.preview(id, addressee, reading)));
  tellPreviews(federation, seen, narrator);
}

async function release(
  federation: Federation,
  customs: Member,
  id: string,
  decision: Decision,
  about: string,
  narrator: Narrator,
): Promise<Issued | undefined> {
  const { checklist, reason } = decision.second_officer;
  const posted = await customs.api.release(id, { checklist: Object.keys(checklist) as never, reason }, reading);
  const to = posted.releases.filter((r) => r.state === 'released').map((r) => memberWith(federation, r.addressee));
  narrator.say(
    `The second officer releases it ("${reason}"). One signature, ${to.length} addressed releases; its name everywhere is ${posted.statement}.`,
  );
  for (const check of posted.checks.filter((c) => c.check === 'FAIL'))
    narrator.warn(`Flagged, not blocked: ${check.scheme} ${check.value} fails its check digit (${check.pointer}).`);
  return { digest: posted.statement, from: customs, to, releasedAt: performance.now(), about, expectations: undefined };
}

async function show(input: StatementInput, alert: Issued, narrator: Narrator): Promise<void> {
  const views: { name: string; view: Json }[] = [];
  for (const partner of alert.to) {
    const milliseconds = await received(partner, alert);
    narrator.say(
      `${partner.agency.title} holds it, seen ${milliseconds} ms after the release: certificate, release, signature, parts and agreement verified.`,
    );
    views.push({ name: partner.agency.name, view: await viewOf(partner, alert.digest) });
  }
  narrator.say('Side by side: what was written, and what each of them sees. Both verified the same signature over the same digest.');
  narrator.table(sideBySide({ body: input.body } as unknown as Json, views));
}

/** Milliseconds from the release until the statement is seen in the partner's inbox. */
export async function received(partner: Member, { digest, releasedAt }: Issued): Promise<number> {
  await until(`${partner.agency.title} receives ${digest}`, async () =>
    (await partner.api.inbox()).some((item) => item.statement?.digest === digest) ? true : undefined,
  );
  return Math.round(performance.now() - releasedAt);
}

/** Exactly what an officer of the partner gets from its API: relations and body. */
export async function viewOf(partner: Member, digest: string): Promise<Json> {
  const content = await partner.api.content(digest, {
    purpose: 'CUSTOMS_CONTROL',
    justification: 'Trial: comparing what each partner sees',
  });
  return { ...(content.rel.length > 0 ? { rel: content.rel } : {}), body: content.body } as unknown as Json;
}

async function answerOf(federation: Federation, alert: Issued, narrator: Narrator): Promise<Issued | undefined> {
  const text = await answerTo(alert.about);
  if (!text) return undefined;
  const partner = memberWith(federation, text.from);
  narrator.say(`${partner.agency.title} answers with a sighting. "${text.reason}" Before it leaves, its officer sees who gets what:`);
  const statement = answered(text, alert.digest, Date.now());
  tellPreviews(federation, await partner.api.previewed(statement as never, text.addressees, reading), narrator);
  const posted = await partner.api.post(
    { statement: statement as never, addressees: text.addressees, reason: text.reason },
    `answer-${alert.digest}`,
  );
  if (!('statement' in posted)) throw new Error(`the sighting of ${partner.agency.title} waits for a second officer`);
  const to = posted.releases.filter((r) => r.state === 'released').map((r) => memberWith(federation, r.addressee));
  const answer: Issued = {
    digest: posted.statement,
    from: partner,
    to,
    releasedAt: performance.now(),
    about: alert.about,
    expectations: await expectationsOfAnswer(alert.about),
  };
  for (const recipient of to) {
    await received(recipient, answer);
    narrator.say(
      `${recipient.agency.title} has it: ${text.body.match_level}, goods ${text.body.goods_status}. ${text.body.differences ?? ''}`,
    );
  }
  return answer;
}

export function memberWith(federation: Federation, id: string): Member {
  const member = federation.members.find((m) => m.agency.id === id);
  if (!member) throw new Error(`${id} takes no part in this trial`);
  return member;
}
