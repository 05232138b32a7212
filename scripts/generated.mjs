// Files that are made by a command and kept in the repository. `npm run generate` makes them again; with --check they are made,
// compared with what was there, and put back, so that nobody edits one by hand and nobody forgets to make it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup.mjs';
import { filesBelow } from './source-files.mjs';

/**
 * In the order in which they are made. `path` is a file or a folder; a command without `stdout` writes there itself.
 * The sources must be compiled.
 */
export const table = [
  { path: 'packages/seal/vectors', command: ['node', 'packages/seal/dist/scripts/vectors.js'] },
  { path: 'openapi.yaml', command: ['node', 'services/node/dist/scripts/openapi.js'], stdout: true },
  { path: 'packages/client/src/api.ts', command: ['node', 'node_modules/openapi-typescript/bin/cli.js', 'openapi.yaml'], stdout: true },
  { path: 'docs/configuration.md', command: ['node', 'services/node/dist/scripts/configuration.js'], stdout: true },
  { path: 'docs/protocol.md', command: ['node', 'scripts/protocol-examples.mjs'] },
  { path: 'docs/failures.md', command: ['node', 'scripts/failures-table.mjs'] },
];

function make({ command, stdout, path }, base) {
  const [program, ...args] = command;
  const result = spawnSync(program, args, { cwd: base, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 1 << 26 });
  if (result.status !== 0) throw new Error(`${path}: ${command.join(' ')} failed: ${result.error?.message ?? result.stdout}`);
  if (stdout) writeFileSync(join(base, path), result.stdout);
}

/** @returns {string[]} files that differ from what their command makes */
export function outdated(entries = table, base = root) {
  const kept = mkdtempSync(join(tmpdir(), 'entente-generated-'));
  try {
    // All are kept before any is made: one may be made from another.
    for (const { path } of entries) if (existsSync(join(base, path))) cpSync(join(base, path), join(kept, path), { recursive: true });
    for (const entry of entries) make(entry, base);
    return entries.flatMap(({ path }) => differences(path, kept, base));
  } finally {
    for (const { path } of entries) restore(path, kept, base);
    rmSync(kept, { recursive: true });
  }
}

function differences(path, kept, base) {
  const files = new Set([...listed(path, kept), ...listed(path, base)]);
  return [...files].filter((file) => content(join(kept, file)) !== content(join(base, file)));
}

function listed(path, base) {
  if (!existsSync(join(base, path))) return [];
  return statSync(join(base, path)).isDirectory()
    ? filesBelow(path, '', base).filter((file) => statSync(join(base, file)).isFile())
    : [path];
}

function content(file) {
  return existsSync(file) ? readFileSync(file, 'latin1') : undefined;
}

function restore(path, kept, base) {
  rmSync(join(base, path), { recursive: true, force: true });
  if (existsSync(join(kept, path))) cpSync(join(kept, path), join(base, path), { recursive: true, preserveTimestamps: true });
}

function main(check) {
  if (!check) {
    for (const entry of table) {
      make(entry, root);
      console.log(`made ${entry.path}`);
    }
    return 0;
  }
  const files = outdated();
  for (const file of files) console.error(`${file} is not what its command makes: run npm run generate and commit the result`);
  console.log(`${table.length} generated paths compared, ${files.length} files differ.`);
  return files.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = main(process.argv.includes('--check'));
