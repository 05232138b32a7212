// `npm run chaos`: agencies that exchange while everything around them breaks.
import { become } from './become.mjs';

await become('chaos/main');
