// Makes of each program one file beside its compiled sources: a node, the command line and the auditor start in a fraction of the time
// that loading some hundred modules takes, and a container needs no libraries. `tsc -b` comes first.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './setup.mjs';

const programs = ['node', 'cli', 'auditor'];

/** Some libraries are CommonJS and ask for Node's own modules at run time. */
const requireForLibraries =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** As deep in the tree as what it is made from, so that places relative to `import.meta.url` are the same ones. */
async function bundle(name) {
  const dist = join(root, 'services', name, 'dist');
  rmSync(join(dist, 'program'), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: [join(dist, 'src', 'main.js')],
    outdir: join(dist, 'program'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Faster than libpq's binding is nothing that we need; it is not installed.
    external: ['pg-native'],
    sourcemap: 'linked',
    sourcesContent: false,
    banner: { js: requireForLibraries },
    // Names stay: they are what a trace of an error shows. The text of a program is held in memory as long as it runs.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
  });
}

export const bundlePrograms = () => Promise.all(programs.map(bundle));

if (import.meta.url === pathToFileURL(process.argv[1]).href) await bundlePrograms();
