import { stderr, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import type { Terminal } from './outcome.js';
import { main } from './program.js';

const terminal: Terminal = {
  interactive: stdin.isTTY === true && stdout.isTTY === true,
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
  status(text) {
    if (stderr.isTTY) stderr.write(`\r\u001b[2K${text}`);
  },
  async ask(question) {
    const lines = createInterface({ input: stdin, output: stdout });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  },
};

process.exitCode = await main(process.argv.slice(2), terminal);
