/** The report: a table for people, one line for programs. */
import { render, wrap } from '../narrate.js';
import type { Report } from './bench.js';
import type { Figure } from './figure.js';

const WIDTH = 120;

export function table({ machine, figures, seconds }: Report): string {
  const rows = [['figure', 'measured', 'target', ''], ...figures.map(row)];
  const notes = figures.flatMap((figure) => ['', ...wrap(`${figure.title}: ${figure.how}.`, WIDTH)]);
  return [...wrap(`Measured on ${machine}`, WIDTH), '', ...render(rows, WIDTH), ...notes, '', `Took ${seconds} s.`, ''].join('\n');
}

const row = ({ title, value, unit, target, reached }: Figure): string[] => [
  title,
  `${value} ${unit}`,
  target ? `at ${target.at} ${target.value}` : '',
  reached === undefined ? '' : reached ? 'reached' : 'not reached',
];

/** snake_case throughout; each figure under its name. */
export function line({ machine, figures, seconds }: Report): string {
  const entries = figures.map(({ name, value, unit, target, reached, how, parts }) => [name, { value, unit, target, reached, how, parts }]);
  return JSON.stringify({ machine, seconds, ...Object.fromEntries(entries) });
}
