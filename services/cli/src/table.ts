/** How a value is shown: short for a screen, or whole with `--wide`. */
export interface Show {
  wide: boolean;
  /** Digests are long; their first eight characters name one among the thousands of a list. */
  digest(digest: string | undefined): string;
  /** UTC, to the minute; whole as RFC 3339. */
  time(time: string | undefined): string;
}

/** Heads of the columns with what stands below them. */
export type Columns<Row> = Record<string, (row: Row, show: Show) => string | number | boolean | undefined>;

export const shortDigest = 8;

export function showing(wide = false): Show {
  return {
    wide,
    digest: (digest = '') => (wide || digest.length <= shortDigest ? digest : `${digest.slice(0, shortDigest)}…`),
    time: (time = '') =>
      wide || Number.isNaN(Date.parse(time)) ? time : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}Z`,
  };
}

/** Rows as an aligned table; `none` stands for an empty one. */
export function listing<Row>(rows: readonly Row[], columns: Columns<Row>, options: { wide?: boolean | undefined; none: string }): string[] {
  if (rows.length === 0) return [options.none];
  const show = showing(options.wide);
  const cells = Object.values(columns);
  return table(
    Object.keys(columns),
    rows.map((row) => cells.map((cell) => String(cell(row, show) ?? ''))),
  );
}

/** Columns as wide as their widest cell, for people. Control characters in a cell are shown as `?`: names come from partners. */
export function table(head: string[], rows: string[][]): string[] {
  const lines = [head, ...rows].map((line) => line.map(printable));
  const widths = head.map((_, column) => lines.reduce((widest, line) => Math.max(widest, line[column]?.length ?? 0), 0));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Names before their values, one below the other; what is absent is left out. */
export function sheet(members: Record<string, string | number | boolean | undefined>): string[] {
  const present = Object.entries(members).filter(([, value]) => value !== undefined && value !== '');
  return table(
    ['', ''],
    present.map(([name, value]) => [name, String(value)]),
  ).slice(1);
}

/** Any JSON value as indented text, one member on a line. */
export function outline(value: unknown, indent = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => marked(outline(item, `${indent}  `), indent));
  if (typeof value !== 'object' || value === null) return [`${indent}${printable(String(value))}`];
  return Object.entries(value).flatMap(([name, member]) => {
    if (typeof member === 'object' && member !== null) return [`${indent}${printable(name)}:`, ...outline(member, `${indent}  `)];
    return [`${indent}${printable(name)}: ${printable(String(member))}`];
  });
}

/** The first line of a list's item begins with a dash. */
const marked = ([first = '', ...rest]: string[], indent: string): string[] => [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];

/** Text of a stranger must not move the cursor or colour the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
