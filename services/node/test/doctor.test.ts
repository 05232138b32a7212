import type { Inspection } from '@entente/store';
import { schemaVersion } from '@entente/store';
import t from 'tap';
import { judgeDatabase } from '../src/doctor/database.js';
import { judgeClock } from '../src/doctor/peers.js';
import { daysLeft, type Expiry, expiryWords } from '../src/expiry/expiries.js';

const healthy: Inspection = {
  server: { number: 180_000, text: '18.0' },
  role: { name: 'customs_node', superuser: false, bypassesRowSecurity: false, ownsTables: false },
  schema: schemaVersion,
  settings: { fsync: 'on', fullPageWrites: 'on', synchronousCommit: 'on' },
  excessive: [],
  lacking: [],
  clockAhead: 0.2,
  bytes: 9_000_000,
  notRecovered: false,
};

t.test('a database: each fault is named, with how to mend it', async (t) => {
  t.match(judgeDatabase(healthy), [{ severity: 'ok', what: /PostgreSQL 18.0, schema \d+, 9 MiB/ }]);
  t.match(judgeDatabase({ ...healthy, settings: { ...healthy.settings, synchronousCommit: 'remote_apply' } }), [{ severity: 'ok' }]);
  const cases: [Partial<Inspection>, string, RegExp, RegExp][] = [
    [{ server: { number: 140_010, text: '14.10' } }, 'error', /14.10 is too old/, /15/],
    [{ settings: { ...healthy.settings, fsync: 'off' } }, 'error', /^fsync is off/, /fsync = on/],
    [{ settings: { ...healthy.settings, synchronousCommit: 'off' } }, 'error', /^synchronous_commit is off/, /= on/],
    [{ role: { ...healthy.role, ownsTables: true }, excessive: ['UPDATE on statement'] }, 'error', /owns the tables/, /application role/],
    [{ role: { ...healthy.role, superuser: true } }, 'error', /superuser/, /application role/],
    [{ excessive: ['DELETE on log_leaf'] }, 'error', /change history: DELETE on log_leaf/, /Revoke/],
    [{ lacking: ['INSERT on release'] }, 'error', /lacks rights: INSERT on release/, /Migrate/],
    [{ schema: schemaVersion - 1 }, 'error', /needs/, /entente migrate/],
    [{ schema: schemaVersion + 1 }, 'error', /knows/, /Install/],
    [{ notRecovered: true }, 'error', /backup/, /entente recover/],
    [{ clockAhead: -7 }, 'warning', /7 s behind/, /NTP/],
  ];
  for (const [change, severity, what, mend] of cases) t.match(judgeDatabase({ ...healthy, ...change }), [{ severity, what, mend }]);
});

t.test('F14 clocks: whoever is alone with his time is wrong', async (t) => {
  const peers = (...aheads: number[]) => aheads.map((ahead, i) => ({ peer: `https://p${i}.example`, ahead }));
  t.same(judgeClock([]), []);
  t.match(judgeClock(peers(1, -30, 61)), [{ severity: 'ok' }]);
  t.match(judgeClock(peers(0, 0, 600)), [{ severity: 'warning', what: /p2.example is 600 s ahead/, mend: /Tell/ }]);
  t.match(judgeClock(peers(600, 601, 0)), [{ severity: 'warning', what: /most partners/, mend: /NTP/ }]);
});

t.test('what ends says whose it is, when, and who can do something about it', async (t) => {
  const now = 1_800_000_000;
  const expiry: Expiry = { what: 'certificate', owner: 'https://a.example', name: 'AB', expiresAt: now + 10 * 86_400 + 5, soon: true };
  t.equal(daysLeft(expiry.expiresAt, now), 10);
  t.match(expiryWords(expiry, 'https://a.example', now), { what: /^certificate AB ends in 10 days/, mend: /renew-tls/ });
  t.match(expiryWords(expiry, 'https://b.example', now), { what: /of https:\/\/a.example ends/, mend: /Tell https:\/\/a.example/ });
  t.match(expiryWords({ ...expiry, expiresAt: now - 1 }, 'https://a.example', now).what, /ended 1 days ago/);
});
