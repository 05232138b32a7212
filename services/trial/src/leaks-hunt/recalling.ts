/** Recalls of whole alerts, with or without erasing: each holder answers, and shows it to nobody any more. */
import { until } from '../until.js';
import { memberOf, reading, releaseDraft, unlessRefused, type World } from './world.js';

const patience = 120;

export async function recall(world: World): Promise<void> {
  const { chance, alerts, done, shown } = world;
  const living = alerts.filter(({ statement, recalled }) => statement !== '' && !recalled);
  if (living.length === 0) return;
  const alert = chance.one(living);
  const originator = memberOf(world, alert.originator);
  const purpose = alert.purposes[0]!;
  const asked = await originator.api.recall(alert.statement, { reason: 'FACTUALLY_WRONG', effect: chance.one(['STOP_USE', 'ERASE']) });
  const said = await releaseDraft(originator, (asked as { draft: string }).draft, purpose);
  alert.recalled = true;
  done.recalled += 1;
  const holders = await until(
    `every holder to answer ${said}`,
    async () => {
      const all = (await originator.api.recalled(said)).holders;
      return all?.every(({ state }) => state !== 'PENDING') ? all : undefined;
    },
    patience,
  );
  for (const { holder } of holders) {
    const view = await unlessRefused(() => memberOf(world, holder).api.content(alert.statement, reading(purpose)));
    const text = JSON.stringify(view ?? '');
    for (const { value } of alert.canaries) if (text.includes(value)) shown.push({ at: holder, value });
  }
}
