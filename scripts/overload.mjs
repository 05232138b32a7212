// `npm run overload`: what a hostile partner costs the healthy ones.
import { become } from './become.mjs';

await become('overload/main');
