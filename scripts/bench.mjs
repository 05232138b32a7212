// `npm run bench`: what it costs, as ratios.
import { become } from './become.mjs';

await become('bench/main');
