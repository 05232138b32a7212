// `npm start`: sets up, then becomes the trial, in this very process, so that signals and the exit code need no passing on.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, SetUpError, setUp } from './setup.mjs';

try {
  setUp({ check: false });
  await becomeTrial();
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function becomeTrial() {
  const main = join(root, 'services', 'trial', 'dist', 'src', 'main.js');
  process.argv[1] = main;
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
}
