#!/usr/bin/env node
import { run } from './program.js';

const { stderr } = process;
process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => stderr.write(text),
  ...(stderr.isTTY ? { status: (text: string) => stderr.write(`\r\u001b[2K${text}`) } : {}),
});
