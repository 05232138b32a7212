/** What partners pass on: the holder asks, the originator consents, refuses, withdraws or is silent, and the holder tries in any case. */
import type { Member } from '../federation.js';
import { until } from '../until.js';
import type { Consent } from './oracle.js';
import { canaryWord, timeAt } from './statement.js';
import { type Alert, classes, grantsNow, memberOf, reading, releaseDraft, unlessRefused, type World } from './world.js';

const fields = ['/body/title', '/body/goods', '/body/parties', '/body/suspicions', '/body/urgency', '/body/alert_kind'];
const patience = 120;

export async function passOn(world: World): Promise<void> {
  const { chance, members, done } = world;
  const way = await chooseWay(world);
  if (!way) return;
  const { alert, originator, holder, to } = way;
  done.asked += 1;
  const scope: Consent = {
    fields: ['/body/title', ...chance.some(fields.slice(1))],
    classes: ['N0', ...chance.some(classes.slice(1))],
    purposes: alert.purposes,
  };
  const request = await ask(world, way, scope);
  const answer = chance.one(['GRANTED', 'GRANTED', 'GRANTED_WITH_CONDITIONS', 'REFUSED', 'silence', 'withdrawn'] as const);
  if (request !== undefined && answer !== 'silence') await decide(world, way, request, answer, scope);
  const consented = request !== undefined && answer.startsWith('GRANTED');
  if (consented && !alert.recalled) alert.acts.push({ from: holder.agency.id, addressees: [to], grants: grantsNow(world), consent: scope });
  const released = await unlessRefused(() =>
    holder.api.passOn({
      statement: alert.statement,
      addressees: [to, ...chance.some(members.map(({ agency }) => agency.id))].filter(
        (id, i, all) => id !== holder.agency.id && id !== originator.agency.id && all.indexOf(id) === i,
      ),
      hold_back: chance.one([[], [], ['/body/parties']]),
      reason: 'A hunt for leaks passes it on',
    }),
  );
  if (released) done.relayed += 1;
}

interface Way {
  alert: Alert;
  originator: Member;
  holder: Member;
  /** Entity id. */
  to: string;
}

/** Someone who holds an alert, and someone else; rather where an agreement would let it go there. */
async function chooseWay(world: World): Promise<Way | undefined> {
  const { chance, alerts, members } = world;
  const ids = members.map(({ agency }) => agency.id);
  const grants = grantsNow(world);
  const agreed = (from: string, to: string) =>
    grants.some((grant) => grant.kinds.includes('alert') && grant.from.includes(from) && grant.to.includes(to));
  const told = alerts.filter(({ statement }) => statement !== '');
  const ways = told.flatMap((alert) =>
    alert.acts[0]!.addressees.flatMap((holder) =>
      ids.filter((to) => to !== holder && to !== alert.originator).map((to) => ({ alert, holder, to })),
    ),
  );
  const likely = ways.filter(({ alert, holder, to }) => agreed(alert.originator, holder) && agreed(holder, to));
  const from = likely.length > 0 && chance.whole(4) > 0 ? likely : ways;
  if (from.length === 0) return undefined;
  const { alert, holder, to } = chance.one(from);
  const originator = memberOf(world, alert.originator);
  const release = (await originator.api.releases(alert.statement)).find(({ addressee }) => addressee === holder);
  return release ? { alert, originator, holder: memberOf(world, holder), to } : undefined;
}

/** The digest of the request, once the originator has it. */
async function ask(world: World, { alert, originator, holder, to }: Way, scope: Consent): Promise<string | undefined> {
  const why = canaryWord('Why', world.done.asked);
  talked(world, alert, holder, originator, why, 'consent_request');
  const body = { statement: alert.statement, to_whom: [to], why, scope: { ...scope, until: timeAt(2) }, reply_by: timeAt(3) };
  return await unlessRefused(async () => {
    const asked = await holder.api.askConsent(body as never, `hunt-asks-${world.done.asked}`);
    const request = 'draft' in asked ? await releaseDraft(holder, asked.draft, alert.purposes[0]!) : asked.statement;
    return (await arrived(holder, request)) ? request : undefined;
  });
}

async function decide(
  world: World,
  { alert, originator, holder, to }: Way,
  request: string,
  answer: 'GRANTED' | 'GRANTED_WITH_CONDITIONS' | 'REFUSED' | 'withdrawn',
  scope: Consent,
): Promise<void> {
  const decision = answer === 'withdrawn' ? 'GRANTED' : answer;
  const conditions = canaryWord('Conditions', world.done.asked);
  talked(world, alert, originator, holder, conditions, 'consent');
  const granted = { to_whom: [to], scope: { ...scope, until: timeAt(2), retain_until: timeAt(9) }, conditions };
  const body = decision === 'REFUSED' ? { decision, refusal: 'RG02' } : { decision, ...granted };
  const purpose = alert.purposes[0]!;
  await unlessRefused(async () => {
    const decided = await originator.api.decideConsent(request, body as never, reading(purpose));
    const consent = await releaseDraft(originator, (decided as { draft: string }).draft, purpose);
    if (!(await arrived(originator, consent)) || answer !== 'withdrawn') return;
    const withdrawn = await originator.api.withdrawConsent(consent, reading(purpose));
    await arrived(originator, await releaseDraft(originator, (withdrawn as { draft: string }).draft, purpose));
  });
}

/** What they say of it is for the two of them, and for nobody to whom it is passed on. */
function talked(world: World, { tlp, purposes }: Alert, from: Member, to: Member, value: string, kind: string): void {
  const acts = [{ from: from.agency.id, addressees: [to.agency.id], grants: grantsNow(world) }];
  world.talk.push({ kind, tlp, purposes, canaries: [{ value, dataClass: 'N0', field: '/body' }], acts });
}

/** Whether every addressee holds it; waits until each has answered. */
async function arrived({ api, agency }: Member, statement: string): Promise<boolean> {
  const answered = ['held', 'refused', 'void'];
  const releases = await until(
    `an answer to ${statement} of ${agency.name}`,
    async () => {
      const all = await api.releases(statement);
      return all.every(({ state }) => answered.includes(state)) ? all : undefined;
    },
    patience,
  );
  return releases.every(({ state }) => state === 'held');
}
