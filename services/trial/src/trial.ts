/** One run of the trial, from the start of the nodes to the auditor's word. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '@entente/client';
import { agree } from './agreement.js';
import { type Audit, audit } from './audit.js';
import { type Federation, forget, introduce, startFederation } from './federation.js';
import { type DeclarationFile, declarationsIn, inventedDeclarations } from './fixtures.js';
import { invitation } from './invitation.js';
import { checkLeaks, type LeakReport } from './leak-check.js';
import { type Narrator, narrator } from './narrate.js';
import { type PassedOn, passOn } from './onward.js';
import type { Options } from './options.js';
import { callBack, type Recalled } from './recall.js';
import { pairsOf, type Result, resultOf } from './result.js';
import { agreement, plans } from './scenario.js';
import { type FileOutcome, follow, type Issued } from './story.js';
import { until } from './until.js';

/** Checkpoints and long polls at the pace of somebody who watches; everything else as a real node has it. */
const settings = { checkpoint_interval_seconds: 2, long_poll_seconds: 20, merge_delay_seconds: 60, log_level: 'info' };

export async function runTrial(options: Options, write: (text: string) => void, stop: AbortSignal): Promise<boolean> {
  const from = performance.now();
  const tell = narrator(write);
  const input = options.input ? await declarationsIn(options.input) : undefined;
  if (options.fresh) await forget(options.folder);
  tell.chapter('Three agencies start, each with its own node, database, keys and certificates');
  const federation = await startFederation({
    folder: options.folder,
    plans,
    settings,
    tell: ({ step, what, milliseconds }) => tell.say(`${what}: ${words[step]} (${milliseconds} ms)`),
  });
  try {
    const ready = seconds(from);
    const result = await demonstrate(federation, { ...options, declarations: input }, tell, stop);
    const whole: Result = { ...result, ready_seconds: ready, seconds: seconds(from) };
    if (!options.once && !stop.aborted) await stayUp(federation, options, write, stop);
    tell.say('Everything is stopped in order; the data stays for the next run.');
    await federation.stop();
    if (options.json) write(`${JSON.stringify(whole)}\n`);
    return whole.ok;
  } finally {
    await federation.stop();
  }
}

const words = {
  database: 'started',
  agency: 'keys, certificate and configuration are there',
  node: 'the node is up',
  wire: 'tapped',
} as const;
const seconds = (from: number): number => Math.round((performance.now() - from) / 100) / 10;

/** What to hand in: the declarations of somebody else, or the invented ones of this run. */
type Demonstration = Options & { declarations: DeclarationFile[] | undefined };

async function demonstrate(
  federation: Federation,
  options: Demonstration,
  tell: Narrator,
  stop: AbortSignal,
): Promise<Omit<Result, 'seconds' | 'ready_seconds'>> {
  await meet(federation, tell);
  const { outcomes, issued } = await exchange(federation, options, tell, stop);
  const passedOn = await passOnAll(federation, issued, tell, stop);
  const relayed = passedOn.map((one) => one.relayed);
  tell.chapter('Receipts: each partner has signed what it holds');
  const [receipts, relayedReceipts] = [await countReceipts(issued), await countReceipts(relayed)];
  tell.say(`${receipts + relayedReceipts} of ${pairsOf([...issued, ...relayed])} releases have a verified receipt at their sender.`);
  tell.chapter('Did anything leave that no rule released?');
  const leaks = await checkLeaks(federation, [...issued, ...relayed]);
  tellLeaks(leaks, tell);
  const recalled = await callBackAll(passedOn, tell);
  tell.chapter('The auditor recomputes the logs, verifies every signature and feed, and reconciles the agencies');
  const audited = await audit(federation.members);
  tellAudit(audited, federation, recalled, tell);
  const agencies = federation.members.length;
  return resultOf({ agencies, outcomes, issued, receipts, passedOn, relayed: relayedReceipts, recalled, leaks, audited });
}

async function meet(federation: Federation, tell: Narrator): Promise<void> {
  tell.chapter('Their administrators introduce them to each other');
  tell.table([
    ['agency', 'thumbprint of its key, read out on the telephone'],
    ...federation.members.map((m) => [m.agency.title, m.agency.thumbprint]),
  ]);
  const introduced = await introduce(federation.members);
  tell.say(
    introduced > 0
      ? `${introduced} introductions: each pinned each other by thumbprint; nobody is trusted on first use.`
      : 'They know each other from an earlier run.',
  );
  tell.chapter('They agree on who may send what to whom');
  const title = `"${agreement.title}"`;
  const signed = await agree(federation.members, agreement, (done, { agency }) =>
    tell.say(
      done === 'proposed'
        ? `${agency.title} proposes ${title} and signs it; the text goes to the others. It binds nobody yet: silence is no consent.`
        : `${agency.title} has read it and countersigns; between those who have signed it is in force from this moment.`,
    ),
  );
  tell.say(
    signed
      ? 'Each of them holds the same text with all three signatures, and has it in its log.'
      : `${title} is in force from an earlier run.`,
  );
}

async function exchange(
  federation: Federation,
  options: Demonstration,
  tell: Narrator,
  stop: AbortSignal,
): Promise<{ outcomes: FileOutcome[]; issued: Issued[] }> {
  const run = options.declarations ? undefined : await nextRun(options.folder);
  const files = options.declarations ?? (await inventedDeclarations(run!));
  tell.chapter(
    options.input
      ? `${files.length} declarations from ${options.input} reach customs`
      : `${files.length} invented declarations reach customs${run! > 0 ? '; some of them were here in earlier runs' : ''}`,
  );
  const outcomes = new Map<string, FileOutcome>();
  const issued: Issued[] = [];
  async function take(file: DeclarationFile): Promise<void> {
    if (stop.aborted) return;
    const done = await one(federation, file, tell);
    outcomes.set(file.name, done.outcome);
    issued.push(...done.issued);
    tell.say(line(done.outcome));
  }
  for (const file of files) await take(file);
  const refused = files.filter((file) => outcomes.get(file.name)?.shipment === undefined);
  if (refused.length > 0) tell.say(`What was refused is tried once more: an amendment may have come before its declaration.`);
  for (const file of refused) await take(file);
  tell.table([['file', 'shipment', 'draft', 'posted', 'why not, or what else'], ...[...outcomes.values()].map(row)]);
  if (run !== undefined) await keepRun(options.folder, run + 1);
  return { outcomes: [...outcomes.values()], issued };
}

/** One file that cannot be read stops nothing. */
async function one(federation: Federation, file: DeclarationFile, tell: Narrator): Promise<{ outcome: FileOutcome; issued: Issued[] }> {
  try {
    return await follow(federation, file, tell);
  } catch (error) {
    const refused = error instanceof ProblemError && error.status < 500;
    return { outcome: { file: file.name, reasons: [(error as Error).message], ...(refused ? {} : { failed: true }) }, issued: [] };
  }
}

const line = (o: FileOutcome): string =>
  `${o.file}: ${o.posted ? 'posted' : o.draft ? 'draft' : (o.shipment ?? 'not taken')}${o.reasons.length ? ` - ${o.reasons.join('; ')}` : ''}`;
const row = (o: FileOutcome): string[] => [
  o.file,
  o.shipment ?? '-',
  o.draft ? 'yes' : '-',
  o.posted ? o.posted.slice(0, 12) : '-',
  o.reasons.join('; '),
];

async function passOnAll(federation: Federation, issued: Issued[], tell: Narrator, stop: AbortSignal): Promise<PassedOn[]> {
  tell.chapter('A third agency needs it: passing on takes the consent of who wrote it');
  const passed: PassedOn[] = [];
  for (const one of issued) {
    const done = stop.aborted ? undefined : await passOn(federation, one, tell);
    if (done) passed.push(done);
  }
  if (passed.length === 0) tell.say('No partner has answered in this run: there is nothing to pass on.');
  return passed;
}

async function callBackAll(passedOn: PassedOn[], tell: Narrator): Promise<Recalled[]> {
  tell.chapter('It was wrong: its author calls it back, and whoever holds it answers');
  const recalled: Recalled[] = [];
  for (const one of passedOn) recalled.push(await callBack(one, tell));
  if (recalled.length === 0) tell.say('Nothing was passed on in this run: there is nothing to call back.');
  return recalled;
}

/** Waits until every release has its receipt at the sender, for as long as that can reasonably take. */
async function countReceipts(issued: Issued[]): Promise<number> {
  let count = 0;
  for (const { digest, from, to } of issued) {
    const held = async () => (await from.api.releases(digest)).filter((r) => r.state === 'held').length;
    await until(`receipts for ${digest}`, async () => ((await held()) === to.length ? true : undefined), 15).catch(() => undefined);
    count += await held();
  }
  return count;
}

function tellLeaks({ leaks, missing, checked }: LeakReport, tell: Narrator): void {
  tell.say(
    checked === 0
      ? 'Nobody has written down beforehand what partners may see of these declarations: there is nothing to compare.'
      : `${checked} views were held against what a person had written down beforehand: the partner's API, every value in its database, and all that crossed its wire.`,
  );
  if (checked > 0 && leaks.length === 0) tell.say('Nothing was there that should not be.');
  for (const leak of leaks) tell.warn(`LEAK: ${leak.partner} has ${leak.what} in its ${leak.where}`);
  for (const what of missing) tell.warn(`MISSING: ${what}`);
}

function tellAudit({ verified, reconciled, findings }: Audit, federation: Federation, recalled: Recalled[], tell: Narrator): void {
  tell.say(`Verified: the logs of ${verified.length} of ${federation.members.length} agencies (${verified.join(', ')}).`);
  tell.say(`Reconciled: ${reconciled.length} pairs (${reconciled.map((pair) => pair.join(' with ')).join(', ')}).`);
  if (recalled.length > 0 && findings.length === 0)
    tell.say('What was called back is destroyed, and still every log, every signature, every feed and every receipt verifies.');
  for (const finding of findings) tell.warn(finding.trim());
}

/** Until Ctrl-C. */
async function stayUp(federation: Federation, options: Options, write: (text: string) => void, stop: AbortSignal): Promise<void> {
  write(await invitation(federation, options.folder));
  await new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
    if (stop.aborted) resolve();
  });
  write('\n');
}

const runFile = (folder: string): string => join(folder, 'run.json');
const nextRun = async (folder: string): Promise<number> =>
  readFile(runFile(folder), 'utf8').then(
    (text) => (JSON.parse(text) as { next: number }).next,
    () => 0,
  );
const keepRun = (folder: string, next: number): Promise<void> => writeFile(runFile(folder), `${JSON.stringify({ next })}\n`);
