#!/usr/bin/env node
/** `npm run tamper`: three agencies exchange, then the database of one is attacked in every way; what the auditor finds is told. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { agree } from '../agreement.js';
import { arrangement, heldByAll, post, sighting } from '../arrangement.js';
import { forget, introduce, type Member, startFederation } from '../federation.js';
import { plans } from '../scenario.js';
import { tamper } from './tamper.js';

const options = new Command('npm run tamper --')
  .description('Attacks the database of a running node as its administrator could, row by row, and shows what the auditor finds of it.')
  .option('--json', 'print one JSON object as the last line', false)
  .option('--folder <folder>', 'where its databases lie while it runs; emptied before and after', '.entente-tamper')
  .parse(process.argv.slice(2), { from: 'user' })
  .opts<{ json: boolean; folder: string }>();

/** As many as there are attacks on rows of one table, and some that stay whole. */
const [SIGHTINGS, ANSWERS] = [8, 2];
const folder = resolve(options.folder);
const tell = (text: string) => process.stderr.write(`${text}\n`);
try {
  await forget(folder);
  tell('Starting PostgreSQL and two agencies ...');
  const federation = await startFederation({ folder, plans: plans.slice(0, 2), tapped: false });
  try {
    const [victim, partner] = federation.members as [Member, Member];
    await introduce([victim, partner]);
    await agree([victim, partner], arrangement([victim.agency.id, partner.agency.id]));
    tell('They exchange sightings ...');
    for (let i = 0; i < SIGHTINGS; i++) await heldByAll(victim, await post(victim, sighting(`seal ${i}`), [partner.agency.id]));
    for (let i = 0; i < ANSWERS; i++) await heldByAll(partner, await post(partner, sighting(`answer ${i}`), [victim.agency.id]));
    const outcomes = await tamper(federation, victim, tell);
    const missed = outcomes.filter(({ found }) => !found);
    const counts = { attacks: outcomes.length, found: outcomes.length - missed.length, missed: missed.length };
    process.stdout.write(`${counts.attacks} attacks, ${counts.found} found, ${counts.missed} missed\n`);
    if (options.json) process.stdout.write(`${JSON.stringify({ ...counts, outcomes })}\n`);
    process.exitCode = missed.length === 0 ? 0 : 1;
  } finally {
    await federation.stop();
    await forget(folder);
  }
} catch (error) {
  tell(`The attacks could not be carried out: ${(error as Error).message}`);
  process.exitCode = 2;
}
