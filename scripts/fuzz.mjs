// `npm run fuzz`: spoilt input for every parser and every endpoint.
import { become } from './become.mjs';

await become('fuzz/main');
