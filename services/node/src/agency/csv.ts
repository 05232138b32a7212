/** RFC 4180 for people who open it in a spreadsheet: no cell is a formula. */

/** A cell that begins so is taken for a formula, or would look like one that was marked here. */
const dangerous = /^[=+\-@\t\r']/;

/** Texts that a spreadsheet would calculate get an apostrophe before them; numbers are numbers. */
export function csvCell(value: string | number | boolean | undefined): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = dangerous.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvRow = (cells: readonly (string | number | boolean | undefined)[]): string => `${cells.map(csvCell).join(',')}\r\n`;
