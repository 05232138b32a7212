// `npm run leaks`: random federations, and every byte on their wires.
import { become } from './become.mjs';

await become('leaks-hunt/main');
