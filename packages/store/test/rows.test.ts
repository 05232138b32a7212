import t from 'tap';
import { inserter, updater } from '../src/database/rows.js';
import { token } from '../src/tables/statement.js';

const row = { value: Buffer.alloc(16), field: 1, record: 1, ref: Buffer.alloc(32) } as never;

t.test('two statements on one table have two names, each within the limit of PostgreSQL: a connection prepares both', async (t) => {
  const queries = [inserter(token), inserter(token, 'ON CONFLICT DO NOTHING'), updater(token, ['ref'] as never, ['record'] as never)].map(
    (made) => made([row])[0]!,
  );
  t.equal(new Set(queries.map(({ name }) => name)).size, queries.length);
  for (const { name } of queries) t.ok(name!.length <= 63);
  t.equal(inserter(token)([row])[0]!.name, queries[0]!.name, 'and the same one has the same');
  t.same(inserter(token)([]), [], 'no rows, no statement');
});
