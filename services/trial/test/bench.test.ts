/** How the bench reports; what it measures is no matter of a test. */
import t from 'tap';
import { figure } from '../src/bench/figure.js';
import { page } from '../src/bench/page.js';
import { line, table } from '../src/bench/report.js';

const common = { how: 'by <hand>', parts: { rounds: 3 } };
const report = {
  machine: 'a machine of the test',
  seconds: 7,
  figures: [
    figure({ ...common, name: 'post', title: 'Post', value: 0.54321, unit: 'times', target: { at: 'least', value: 0.6 } }),
    figure({ ...common, name: 'proof', title: 'Proof', value: 1.2, unit: 'ms', target: { at: 'most', value: 2 } }),
    figure({
      ...common,
      name: 'bytes',
      title: 'Bytes',
      value: 309,
      unit: 'bytes',
      series: [
        {
          title: 'Bytes',
          unit: 'bytes',
          over: 'entries',
          points: [
            [1_000, 300],
            [1_000_000, 309],
          ],
        },
      ],
    }),
  ],
};

t.test('a figure says whether it reaches its target, or that nothing is asked of it', async (t) => {
  t.match(report.figures, [{ value: 0.543, reached: false }, { reached: true }, { value: 309 }]);
  t.equal(report.figures[2]!.reached, undefined);
  t.match(table(report), /Post +0\.543 times +at least 0\.6 +not reached\nProof +1\.2 ms +at most 2 +reached\nBytes +309 bytes *\n/);
  t.match(JSON.parse(line(report)), { seconds: 7, post: { value: 0.543, parts: { rounds: 3 } }, bytes: { unit: 'bytes' } });
});

t.test('the page shows each figure in words, a bar for a target and a line for what grows, and no text of ours as markup', async (t) => {
  const html = page(report);
  for (const { title, value, unit } of report.figures) t.match(html, `${title}: ${value} ${unit}`);
  t.match(html, /91 % of it[\s\S]*reached[\s\S]*<polyline[\s\S]*1,000,000/);
  t.notMatch(html, '<hand>');
});
