/** How long a question takes as statements add up. Measured on the store by a program of its own. */
import type { Server } from '@entente/postgres';
import { type Figure, figure, rounded } from './figure.js';
import { storeProgram } from './store-program.js';

export interface SearchPlan {
  /** Statements at which to measure, ascending. */
  sizes: number[];
  questions: number;
}

/** As packages/store/bench/search.ts prints it. */
interface Printed {
  sizes: { statements: number; asked: { sort: string; p50Ms: number; p99Ms: number }[]; bytes: number }[];
}

/** The worst growth of all sorts of question, each against itself. */
export async function measureSearching(postgres: Server, folder: string, plan: SearchPlan): Promise<Figure> {
  const { sizes } = await storeProgram<Printed>('search', { postgres, folder, plan, databases: 1 });
  const [first, last] = [sizes[0]!, sizes.at(-1)!];
  const growth = last.asked.map(({ p99Ms }, i) => p99Ms / first.asked[i]!.p99Ms);
  const words = last.asked.map(({ sort, p50Ms, p99Ms }) => `${sort} ${rounded(p50Ms)} ms (p99 ${rounded(p99Ms)})`);
  return figure({
    name: 'search',
    title: `Search and list among ${last.statements} statements, against ${first.statements}`,
    value: Math.max(...growth),
    unit: 'times',
    target: { at: 'most', value: 2 },
    how: `the largest growth of a p99 of ${plan.questions} questions of each sort; at ${last.statements}: ${words.join(', ')}; a statement takes ${rounded(last.bytes)} bytes on disk with its index and log`,
    series: last.asked.map(({ sort }, i) => ({
      title: sort,
      unit: 'ms, p99',
      over: 'statements',
      points: sizes.map(({ statements, asked }) => [statements, rounded(asked[i]!.p99Ms)]),
    })),
    parts: {
      ...Object.fromEntries(last.asked.map((_, i) => [`growth_${i + 1}`, rounded(growth[i]!)])),
      statements: last.statements,
      bytes: rounded(last.bytes),
    },
  });
}
