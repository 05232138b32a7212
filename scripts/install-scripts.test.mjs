// Libraries run nothing when they are installed but what is allowed by name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { root } from './setup.mjs';

const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

t.test('every library that has an install script is named, and none may run it', async (t) => {
  const { packages } = read('package-lock.json');
  const scripted = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  const { allowScripts } = read('package.json');
  t.same(new Set(Object.keys(allowScripts)), new Set(scripted));
  t.same(
    Object.entries(allowScripts).filter(([, allowed]) => allowed),
    [],
  );
});

t.test('every library is pinned by digest, from the registry alone', async (t) => {
  const { packages } = read('package-lock.json');
  const foreign = Object.entries(packages).filter(([path, { link, integrity }]) => path.includes('node_modules/') && !link && !integrity);
  t.same(foreign, []);
});
