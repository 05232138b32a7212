// Sets up, then becomes a program of services/trial, in this very process, so that signals and the exit code need no passing on.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, SetUpError, setUp } from './setup.mjs';

/** @param {string} program below services/trial/src, without ending: `main`, `bench/main` */
export async function become(program) {
  try {
    setUp({ check: false });
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  const main = join(root, 'services', 'trial', 'dist', 'src', `${program}.js`);
  process.argv[1] = main;
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
}
