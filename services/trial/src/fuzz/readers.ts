/** Spoilt texts for every parser, for so many seconds; the least text that shows a find is kept. */
import fc from 'fast-check';
import { type Parser, parsers } from './parsers.js';
import { spoilt } from './spoil.js';

export interface ReaderFinds {
  inputs: number;
  /** Of those, how many were read to the end. */
  read: number;
  finds: { parser: string; error: string; text: string }[];
}

/** No text may take longer: an expression that tries again and again does. Milliseconds. */
const LONGEST_MS = 2_000;

export async function fuzzReaders(options: { seconds: number; seed: number }): Promise<ReaderFinds> {
  const { seconds, seed } = options;
  const result: ReaderFinds = { inputs: 0, read: 0, finds: [] };
  const share = (seconds * 1000) / parsers.length;
  for (const parser of parsers) {
    const texts = fc.oneof(...parser.seeds.map(spoilt), fc.string({ unit: 'binary', maxLength: 200 }));
    const property = fc.asyncProperty(texts, async (text) => {
      result.inputs += 1;
      if (await holds(parser, text)) result.read += 1;
    });
    const checked = await fc.check(property, {
      seed,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: share,
      markInterruptAsFailure: false,
    });
    if (checked.failed && checked.counterexample)
      result.finds.push({ parser: parser.name, error: String(checked.errorInstance), text: checked.counterexample[0] });
  }
  return result;
}

/** Whether the text could be read. @throws what no parser may throw, or when it took too long */
export async function holds(parser: Parser, text: string): Promise<boolean> {
  const from = performance.now();
  const was = await isRead(parser, text);
  if (performance.now() - from > LONGEST_MS) throw new Error('takes too long');
  return was;
}

async function isRead({ read, refuses }: Parser, text: string): Promise<boolean> {
  try {
    await read(text);
    return true;
  } catch (error) {
    if (refuses.some((kind) => error instanceof kind)) return false;
    throw error;
  }
}
