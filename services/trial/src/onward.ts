/** What came from one agency goes on to a third: asked, consented, passed on with less, under the signature of who wrote it. */
import { ProblemError } from '@entente/client';
import { codesOf, type Json } from '@entente/statement';
import { duration, timeAt } from './decision.js';
import type { Federation, Member } from './federation.js';
import { expectationsOfOnward, onwardOf } from './fixtures.js';
import type { Narrator } from './narrate.js';
import { sideBySide } from './present.js';
import { tellPreviews } from './preview.js';
import { type Issued, memberWith, received, viewOf } from './story.js';
import { until } from './until.js';

interface ScopeText {
  /** JSON pointers of body members, or `/rel`. */
  fields: string[];
  classes: string[];
  purposes: string[];
  /** A duration of ISO 8601 from now, as the other times here. */
  until: string;
}

/** What the people of three agencies do with an answer to an alert, written down beforehand with their reasons. */
export interface OnwardText {
  /** Entity ids: who wrote it, who holds it and passes it on, and who gets it. */
  originator: string;
  holder: string;
  to: string;
  request: ScopeText & { why: string; reply_by: string };
  consent: ScopeText & { reason: string; conditions: string; retain_until: string; second_officer: string };
  pass_on: { hold_back: string[]; reason: string };
  recall: { reason: string; effect: string; explanation: string; second_officer: string };
}

/** One statement that was passed on. */
export interface PassedOn {
  text: OnwardText;
  originator: Member;
  holder: Member;
  recipient: Member;
  /** The signed consent. */
  consent: string;
  /** The release by its holder. */
  relayed: Issued;
}

const why = { purpose: 'CUSTOMS_CONTROL', justification: 'Trial: passing on what a partner has given' };

/** Undefined where nobody has written down that it is passed on. */
export async function passOn(federation: Federation, given: Issued, narrator: Narrator): Promise<PassedOn | undefined> {
  const text = await onwardOf(given.about);
  if (text?.originator !== given.from.agency.id) return undefined;
  const [originator, holder, recipient] = [text.originator, text.holder, text.to].map((id) => memberWith(federation, id)) as [
    Member,
    Member,
    Member,
  ];
  const release = {
    statement: given.digest,
    addressees: [text.to],
    hold_back: text.pass_on.hold_back,
    reason: text.pass_on.reason,
  };
  narrator.say(
    `${holder.agency.title} would like to pass the sighting of ${originator.agency.title} on to ${recipient.agency.title}. It tries without asking, and ${await refusal(holder.api.passOn(release))}.`,
  );
  const consent = await askAndConsent(federation, { text, originator, holder, statement: given.digest }, narrator);
  const passed = await holder.api.passOn(release);
  const refused = passed.releases.find(({ state }) => state !== 'released');
  if (refused) throw new Error(`${given.digest} is not passed on: ${refused.reason ?? refused.state}`);
  narrator.say(
    `An officer of ${holder.agency.title} passes it on and holds back ${names(text.pass_on.hold_back)}: "${text.pass_on.reason}"`,
  );
  const relayed: Issued = {
    digest: given.digest,
    from: holder,
    to: [recipient],
    releasedAt: performance.now(),
    about: given.about,
    expectations: await expectationsOfOnward(given.about),
  };
  await show({ originator, holder, recipient, relayed }, narrator);
  return { text, originator, holder, recipient, consent, relayed };
}

interface Asking {
  text: OnwardText;
  originator: Member;
  holder: Member;
  statement: string;
}

/** The digest of the consent, once its holder has it. */
async function askAndConsent(federation: Federation, { text, originator, holder, statement }: Asking, narrator: Narrator): Promise<string> {
  const from = performance.now();
  const { why: asked, reply_by } = text.request;
  const posted = await holder.api.askConsent(
    { statement, to_whom: [text.to], why: asked, scope: scopeOf(text.request) as never, reply_by: inTime(reply_by) },
    `consent-${statement}`,
  );
  if (!('statement' in posted)) throw new Error('the request for consent waits for a second officer');
  const request = posted.statement;
  narrator.say(
    `So it asks ${originator.agency.title}, as a signed statement: "${asked}" Until it is answered nothing moves: silence is no consent.`,
  );
  await until('the request for consent arrives', () => originator.api.consentRequest(request, why).catch(() => undefined));
  narrator.say(
    `${originator.agency.title} has the request ${since(from)} after it was written. Its officer decides: "${text.consent.reason}"`,
  );
  const decision = await originator.api.decideConsent(
    request,
    {
      decision: 'GRANTED_WITH_CONDITIONS',
      to_whom: [text.to],
      conditions: text.consent.conditions,
      scope: { ...scopeOf(text.consent), retain_until: inTime(text.consent.retain_until) } as never,
    },
    why,
  );
  const draft = (decision as { draft: string }).draft;
  tellPreviews(federation, [await originator.api.preview(draft, text.holder, why)], narrator);
  const { statement: consent } = await originator.api.release(
    draft,
    { checklist: codesOf('release-checklist') as never, reason: text.consent.second_officer },
    why,
  );
  await until('the consent arrives', async () => ((await holder.api.consentRequest(request, why))?.consent === consent ? true : undefined));
  const withheld = text.request.fields.filter((field) => !text.consent.fields.includes(field));
  narrator.say(
    `A second officer has released it, and ${holder.agency.title} holds the signed consent ${consent} ${since(from)} after it asked: to ${text.to} alone, ${withheld.length > 0 ? `without ${names(withheld)}, ` : ''}to be passed on until ${inTime(text.consent.until)}, to be kept until ${inTime(text.consent.retain_until)}.`,
  );
  return consent;
}

async function show(
  { originator, holder, recipient, relayed }: Pick<PassedOn, 'originator' | 'holder' | 'recipient' | 'relayed'>,
  narrator: Narrator,
): Promise<void> {
  const milliseconds = await received(recipient, relayed);
  const item = (await recipient.api.inbox()).find(({ statement }) => statement?.digest === relayed.digest)!;
  if (item.verdict !== 'held' || item.statement?.originator !== originator.agency.id)
    throw new Error(`${recipient.agency.title} does not hold it under the signature of ${originator.agency.title}`);
  narrator.say(
    `${recipient.agency.title} holds it ${milliseconds} ms later. It came from ${holder.agency.title} and is signed by ${originator.agency.title}: over what is left the signature of its author verifies, and its name is the same, ${relayed.digest}. The consent came with it.`,
  );
  const [written, held, passed] = await Promise.all([originator, holder, recipient].map((member) => viewOf(member, relayed.digest)));
  narrator.table(
    sideBySide(written as Json, [
      { name: holder.agency.name, view: held! },
      { name: recipient.agency.name, view: passed! },
    ]),
  );
}

/** What the node says when it refuses. Throws when it does not. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const words = await call.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ProblemError) return `its node refuses: ${error.message}`;
      throw error;
    },
  );
  if (words === undefined) throw new Error('a statement was passed on without the consent of its originator');
  return words;
}

const scopeOf = ({ fields, classes, purposes, until: end }: ScopeText) => ({ fields, classes, purposes, until: inTime(end) });
const inTime = (from: string): string => timeAt(Date.now() + duration(from));
const since = (from: number): string => `${Math.round(performance.now() - from)} ms`;
const names = (fields: string[]): string => fields.map((field) => field.replace(/^\/(body\/)?/, '').replaceAll('_', ' ')).join(', ');
