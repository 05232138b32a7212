/** Tells the people who watch what happens, in their words. Nothing is decided here. */
import { styleText } from 'node:util';

export interface Narrator {
  /** Begins a chapter: numbered, with the time since the start. */
  chapter(title: string): void;
  say(text: string): void;
  /** Rows of equal cells; the first row is the heading. Cells may have several lines. */
  table(rows: string[][]): void;
  warn(text: string): void;
}

const WIDTH = Math.min(process.stdout.columns || 120, 140);

export function narrator(write: (text: string) => void, colour = process.stdout.isTTY === true): Narrator {
  const from = performance.now();
  let chapters = 0;
  const paint = (format: Parameters<typeof styleText>[0], text: string) => (colour ? styleText(format, text) : text);
  return {
    chapter: (title) => {
      const seconds = ((performance.now() - from) / 1000).toFixed(1).padStart(5);
      write(`\n${paint('bold', `${++chapters}. ${title}`)}  ${paint('dim', `[${seconds} s]`)}\n`);
    },
    say: (text) =>
      write(
        `${wrap(text, WIDTH - 3)
          .map((line) => `   ${line}`)
          .join('\n')}\n`,
      ),
    table: (rows) =>
      write(
        `${render(rows, WIDTH - 3)
          .map((line, i) => `   ${i === 0 ? paint('bold', line) : line}`)
          .join('\n')}\n`,
      ),
    warn: (text) => write(`   ${paint('red', text)}\n`),
  };
}

/** Breaks at spaces; a word longer than the line stands alone, or is cut where `cut` says so. */
export function wrap(text: string, width: number, cut = false): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ').flatMap((whole) => (cut ? pieces(whole, width) : [whole]))) {
      if (line !== '' && line.length + word.length + 1 > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  });
}

const pieces = (word: string, width: number): string[] =>
  word.length <= width ? [word] : [word.slice(0, width), ...pieces(word.slice(width), width)];

/** Columns as wide as their content needs, narrowed evenly from the widest when the sum is too much. */
export function render(rows: string[][], width: number): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.flatMap((row) => (row[c] ?? '').split('\n').map((line) => line.length))),
  );
  while (widths.reduce((sum, w) => sum + w + 2, 0) > width && Math.max(...widths) > 12) widths[widths.indexOf(Math.max(...widths))]!--;
  return rows.flatMap((row) => {
    const cells = widths.map((w, c) => wrap(row[c] ?? '', w, true));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, i) =>
      cells
        .map((cell, c) => (cell[i] ?? '').padEnd(widths[c]!))
        .join('  ')
        .trimEnd(),
    );
  });
}
