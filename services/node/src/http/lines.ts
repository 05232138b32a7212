/** Lines of a request as they come (NDJSON), one at a time and of bounded length: what is not asked for stays with the sender. */

export interface Line {
  /** From 1, empty lines counted. */
  number: number;
  /** Undefined when the line is longer than the limit: it is passed over as it comes. */
  bytes: Buffer | undefined;
}

const NEWLINE = 0x0a;

/** Without empty lines; the last one needs no end. */
export async function* linesOf(stream: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Line> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;

  function add(part: Buffer): void {
    length += part.length;
    if (length > mostBytes) parts = [];
    else parts.push(part);
  }
  function* take(): Generator<Line> {
    const bytes = length > mostBytes ? undefined : Buffer.concat(parts);
    if (bytes === undefined || !isBlank(bytes)) yield { number, bytes };
    number += 1;
    parts = [];
    length = 0;
  }
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end));
      yield* take();
      from = end + 1;
    }
    // A copy: a short rest would keep the whole chunk.
    if (from < chunk.length) add(Buffer.from(chunk.subarray(from)));
  }
  if (length > 0) yield* take();
}

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
