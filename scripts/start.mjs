// `npm start`: sets up, then becomes the trial, in this very process, so that signals and the exit code need no passing on.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './setup.mjs';

setUp({ check: false });
const main = join(root, 'services', 'trial', 'dist', 'src', 'main.js');
process.argv[1] = main;
process.setSourceMapsEnabled(true);
await import(pathToFileURL(main).href);
