/** A type of PostgreSQL: its object identifier, and the binary form of a value. */
interface Element {
  oid: number;
  length(value: never): number;
  write(into: Buffer, offset: number, value: never): void;
}

const element = <T>(oid: number, length: (value: T) => number, write: (into: Buffer, offset: number, value: T) => void): Element =>
  ({ oid, length, write }) as Element;

const utf8 = (oid: number) =>
  element<string>(
    oid,
    (value) => Buffer.byteLength(value),
    (into, offset, value) => into.write(value, offset),
  );

/** Of the column types of this schema. */
const elements: Record<string, Element> = {
  text: utf8(25),
  json: utf8(114),
  // Its binary form begins with a version.
  jsonb: element<string>(
    3802,
    (value) => 1 + Buffer.byteLength(value),
    (into, offset, value) => into.write(value, into.writeUInt8(1, offset)),
  ),
  bytea: element<Uint8Array>(
    17,
    (value) => value.length,
    (into, offset, value) => into.set(value, offset),
  ),
  boolean: element<boolean>(
    16,
    () => 1,
    (into, offset, value) => into.writeUInt8(value ? 1 : 0, offset),
  ),
  smallint: element<number>(
    21,
    () => 2,
    (into, offset, value) => into.writeInt16BE(value, offset),
  ),
  integer: element<number>(
    23,
    () => 4,
    (into, offset, value) => into.writeInt32BE(value, offset),
  ),
  bigint: element<number>(
    20,
    () => 8,
    (into, offset, value) => into.writeBigInt64BE(BigInt(value), offset),
  ),
};

/**
 * An array as PostgreSQL's binary protocol has it (array_recv): no text to be escaped here and parsed there, which would double the bytes
 * of every ciphertext.
 */
export function binaryArray(sqlType: string, values: readonly unknown[]): Buffer {
  const { oid, length, write } = elements[sqlType]!;
  const lengths = values.map((value) => (value === null ? -1 : length(value as never)));
  const array = Buffer.allocUnsafe(lengths.reduce((sum, bytes) => sum + 4 + Math.max(0, bytes), 20));
  let offset = array.writeInt32BE(1, 0); // dimensions
  offset = array.writeInt32BE(lengths.includes(-1) ? 1 : 0, offset);
  offset = array.writeUInt32BE(oid, offset);
  offset = array.writeInt32BE(values.length, offset);
  offset = array.writeInt32BE(1, offset); // first index
  values.forEach((value, i) => {
    offset = array.writeInt32BE(lengths[i]!, offset);
    if (value === null) return;
    write(array, offset, value as never);
    offset += lengths[i]!;
  });
  return array;
}
