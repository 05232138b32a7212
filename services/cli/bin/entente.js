#!/usr/bin/env node
// npm links a command only to a file that is there when it installs, which is before anything is built.
import { existsSync } from 'node:fs';

const main = new URL('../dist/program/main.js', import.meta.url);
if (existsSync(main)) await import(main);
else {
  console.error('entente: the program is not built yet\n  Run `npm run build` in the project first.');
  process.exitCode = 2;
}
