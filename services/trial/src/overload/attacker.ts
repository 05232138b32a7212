/** Carries out every attack at once, as a process of its own that takes what others leave of the machine, until it is ended. */
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { attacks, type Target } from './attacks.js';

setPriority(constants.priority.PRIORITY_LOW);
const target = JSON.parse(readFileSync(0, 'utf8')) as Target;
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const tried = await Promise.all(Object.entries(attacks).map(async ([name, attack]) => [name, await attack(target, stop.signal)]));
process.stdout.write(JSON.stringify(Object.fromEntries(tried)));
