// `npm start`: the trial of three agencies.
import { become } from './become.mjs';

await become('main');
