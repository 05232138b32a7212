import t from 'tap';
import { complaints } from './trial-result.mjs';

const good = {
  agencies: 3,
  posted: 4,
  released: 7,
  received: 7,
  receipts: 7,
  consents: 1,
  relayed: 1,
  recalled: 1,
  holders: 2,
  complied: 2,
  leaked_fields: 0,
  logs_verified: true,
  reconciled: true,
  seconds: 9.5,
};
const judge = (change) => complaints(0, JSON.stringify({ ...good, ...change }));

t.same(judge({}), []);
t.same(judge({ agencies: ['a', 'b', 'c'], leaked_fields: [] }), [], 'lists count as their length');
t.same(judge({ leaked_fields: 1 }), ['fields leaked']);
t.same(judge({ receipts: 6 }), ['receipts are missing']);
t.same(judge({ relayed: 0 }), ['what was consented to was not all passed on']);
t.same(judge({ complied: 1 }), ['holders owe an answer to a recall']);
t.same(judge({ seconds: undefined }), ['seconds is missing']);
t.same(complaints(1, JSON.stringify(good)), ['the trial ended with 1']);
t.match(complaints(0, 'done'), ['the last line is no JSON: done']);
