/** Whoever has the whole database, but not the private keys, cannot change it unnoticed (F21). */
import t from 'tap';
import { agree } from '../src/agreement.js';
import { introduce, type Member } from '../src/federation.js';
import { tamper } from '../src/tamper/tamper.js';
import { arrangement, heldByAll, post, sighting, startAgencies } from './agencies.js';

const names = ['nl-cus', 'de-lic'];
const federation = await startAgencies(t, names);
const [customs, licensing] = names.map(federation.member) as [Member, Member];
await introduce([customs, licensing]);
await agree([customs, licensing], arrangement([customs.agency.id, licensing.agency.id]));

t.test('F21 every row that is altered, deleted, slipped in or moved is named by the auditor', async (t) => {
  for (let i = 0; i < 8; i++) await heldByAll(customs, await post(customs, sighting(`seal ${i}`), [licensing.agency.id]));
  for (let i = 0; i < 2; i++) await heldByAll(licensing, await post(licensing, sighting(`answer ${i}`), [customs.agency.id]));
  const outcomes = await tamper(federation, customs, () => undefined);
  t.ok(outcomes.length >= 20);
  for (const { name, found, said } of outcomes) t.ok(found, `${name}: ${said}`);
});
