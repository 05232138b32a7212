/** The row without its NULLs: optional members of a record are absent, never null. */
export function present<T extends object>(
  row: T,
): { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]>;
} {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as never;
}
