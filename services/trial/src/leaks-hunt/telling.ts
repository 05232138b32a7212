/** Random alerts: one officer tells, where need be a second one releases. */
import { alertWith } from './statement.js';
import { grantsNow, markings, purposes, releaseDraft, unlessRefused, type World } from './world.js';

export async function tell(world: World): Promise<void> {
  const { chance, members, alerts, done } = world;
  const sender = chance.one(members);
  const others = members.filter((member) => member !== sender).map(({ agency }) => agency.id);
  const named = chance.some(others);
  const addressees = named.length > 0 ? named : [chance.one(others)];
  const tlp = chance.one(markings);
  const given = chance.some(purposes);
  const wanted = given.length > 0 ? given : ['CUSTOMS_CONTROL'];
  done.told += 1;
  const { input, canaries } = alertWith(done.told, tlp, wanted);
  const grants = grantsNow(world);
  const statement = await unlessRefused(async () => {
    const posted = await sender.api.post({ statement: input as never, addressees }, `hunt-${done.told}-key`);
    return 'draft' in posted ? await releaseDraft(sender, posted.draft, wanted[0]!) : posted.statement;
  });
  const from = sender.agency.id;
  const told = { kind: 'alert', tlp, purposes: wanted, canaries, acts: [{ from, addressees, grants }] };
  alerts.push({ ...told, statement: statement ?? '', originator: from, recalled: false });
}
