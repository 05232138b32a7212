/** One line of the report. */
export interface Figure {
  /** Member of the JSON line. */
  name: string;
  /** For people. */
  title: string;
  value: number;
  unit: 'times' | 'MB' | 's' | 'ms' | 'bytes' | '/s';
  /** None: a figure to know, of which nothing is asked. */
  target?: { at: 'least' | 'most'; value: number };
  /** Whether the value, as measured here and now, reaches the target. Nothing fails by it. */
  reached?: boolean;
  /** What was measured, in words and numbers. */
  how: string;
  /** The same in numbers, for programs. */
  parts: Record<string, number>;
  /** How it grows, for the page. */
  series?: Series[];
}

export interface Series {
  title: string;
  unit: string;
  /** What grows, for instance entries of the log. */
  over: string;
  points: [over: number, value: number][];
}

export function figure(of: Omit<Figure, 'reached' | 'value'> & { value: number }): Figure {
  const value = rounded(of.value);
  if (!of.target) return { ...of, value };
  return { ...of, value, reached: of.target.at === 'least' ? value >= of.target.value : value <= of.target.value };
}

/** Three significant digits: no figure of this bench is known better. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
