/** Columns as wide as their widest cell, for people. Control characters in a cell are shown as `?`: names come from partners. */
export function table(head: string[], rows: string[][]): string[] {
  const lines = [head, ...rows].map((line) => line.map(printable));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Text of a stranger must not move the cursor or colour the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
