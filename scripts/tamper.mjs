// `npm run tamper`: attacks on the database of a running node, and what the auditor finds.
import { become } from './become.mjs';

await become('tamper/main');
