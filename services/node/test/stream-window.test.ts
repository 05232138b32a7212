import t from 'tap';
import { inOrder } from '../src/http/in-order.js';
import { linesOf } from '../src/http/lines.js';

const WINDOW = { items: 64, weight: 100_000 };

t.test(
  'F18 many lines in one request: what lies in memory is bounded by the window, however long the file and slow the reader',
  async (t) => {
    const count = 20_000;
    let [taken, answered, under, heaviest] = [0, 0, 0, 0];
    async function* lines() {
      for (; taken < count; taken += 1) yield { number: taken, bytes: 1 + ((taken * 7919) % 30_000) };
    }
    const weigh = ({ bytes }: { bytes: number }) => bytes;
    const work = async (line: { number: number; bytes: number }) => {
      under += line.bytes;
      heaviest = Math.max(heaviest, under);
      if (line.number % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      return line;
    };
    let ahead = 0;
    for await (const { number, bytes } of inOrder(lines(), WINDOW, weigh, work)) {
      if (number !== answered) t.fail(`line ${number} was answered in place of ${answered}`);
      ahead = Math.max(ahead, taken - answered);
      answered += 1;
      under -= bytes;
    }
    t.equal(answered, count);
    t.ok(ahead <= WINDOW.items + 1, `never more than ${WINDOW.items} lines, and the one that comes, were taken ahead: ${ahead}`);
    t.ok(heaviest <= WINDOW.weight + 2 * 30_000, `nor more bytes than the window and its last line: ${heaviest}`);
  },
);

t.test('lines are cut wherever the chunks end, and one that is too long is passed over without being kept', async (t) => {
  const text = Buffer.from(`{"a":1}\n\n  \r\n${'x'.repeat(50)}\nlast`);
  for (const size of [1, 3, 7, 64]) {
    async function* chunks() {
      for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
    }
    const lines = [];
    for await (const { number, bytes } of linesOf(chunks(), 20)) lines.push([number, bytes?.toString()]);
    t.same(lines, [
      [1, '{"a":1}'],
      [4, undefined],
      [5, 'last'],
    ]);
  }
});
