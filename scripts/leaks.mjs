// `npm run leaks`: sets up, then becomes the hunt, in this very process.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, SetUpError, setUp } from './setup.mjs';

try {
  setUp({ check: false });
  await becomeHunt();
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function becomeHunt() {
  const main = join(root, 'services', 'trial', 'dist', 'src', 'leaks-hunt', 'main.js');
  process.argv[1] = main;
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
}
