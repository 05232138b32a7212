import { codesOf } from '@entente/statement';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { group, late, type Register, type Run, withExamples, withNode } from '../command.js';
import { digestArgument } from '../digest.js';
import { withPaging, withWide } from '../paging.js';
import { withPurpose } from '../purpose.js';
import { timeWord } from '../word.js';

const id = '0196f3a2-7c1e-7d3a-9f00-5b8e0c6a1d42';
const statement = '3fXqFz0n';
const why = '--purpose CUSTOMS_CONTROL --justification "Request of a person, file 2031-9"';

export const registerSubject: Register = (program, run) => {
  const subject = group(
    program,
    'subject',
    'persons who ask what is held about them',
    'The register of persons who ask what is held about them: within the legal time each is searched for, the originators are asked, and two people answer.',
  );
  addRegister(subject, run);
  addFindings(subject, run);
  addAnswer(subject, run);
};

function addRegister(subject: Command, run: Run): void {
  const load = () => import('../subject/register.js');

  const register = subject
    .command('register')
    .summary('register the request of a person')
    .description(
      `Reads it from a file, so that no name stands on a command line: right (${codesOf('subject-right').join(', ')}), channel, identity, subject (names, birth_date, identifiers, contact), asks, received_at.`,
    )
    .argument('<file>', 'JSON as the API takes it; - for standard input');
  withExamples(withNode(register), ['entente subject register request.json']).action(run(late(async () => (await load()).registerRequest)));

  const list = withPaging(subject.command('list').summary('requests and their legal time'))
    .description('Lists requests, the latest first, without who asks.')
    .addOption(
      new Option('--state <state>', 'only those; proposed: an answer waits for a second person').choices(['open', 'proposed', 'answered']),
    )
    .option('--due <days>', 'only those not answered whose time ends within so many days, or is over', days);
  withExamples(withNode(list), ['entente subject list', 'entente subject list --due 7']).action(
    run(late(async () => (await load()).listRequests)),
  );

  const show = withWide(
    onRequest(subject, 'show', 'who asks, and what was found', 'Shows a request with who asks, what was found and what may be told of it.'),
  );
  withExamples(withNode(withPurpose(show)), [`entente subject show ${id} ${why}`]).action(
    run(late(async () => (await load()).showRequest)),
  );

  const identity = onRequest(
    subject,
    'identify',
    'whether he is who he says',
    'Notes whether the person is who he says. Nobody is searched for before.',
  )
    .addOption(new Option('--identity <code>', 'what was established').choices(codesOf('subject-identity')).makeOptionMandatory())
    .option('--note <text>', 'how it was checked');
  withExamples(withNode(identity), [`entente subject identify ${id} --identity CHECKED --note "Passport seen"`]).action(
    run(late(async () => (await load()).identify)),
  );

  const extend = onRequest(subject, 'extend', 'extend the legal time', 'Extends the legal time, once, before it ends.').requiredOption(
    '--reason <text>',
    'why, as the person is told',
  );
  withExamples(withNode(extend), [`entente subject extend ${id} --reason "Three originators are asked"`]).action(
    run(late(async () => (await load()).extend)),
  );
}

function addFindings(subject: Command, run: Run): void {
  const load = () => import('../subject/findings.js');

  const search = onRequest(
    subject,
    'search',
    'search what is held here',
    'Searches what may be used for the purpose for the names and numbers of the person; again for each purpose. What is found is linked to the request.',
  );
  withExamples(withNode(withPurpose(search)), [`entente subject search ${id} ${why}`]).action(run(late(async () => (await load()).search)));

  const compare = onFinding(
    subject,
    'compare',
    'say whether it is about him',
    'A search finds names: somebody compares whether the statement is about this person.',
  )
    .addOption(new Option('--concerns', 'it is about him').conflicts('unrelated'))
    .option('--unrelated', 'it is about somebody else');
  withExamples(withNode(compare), [`entente subject compare ${id} ${statement} --concerns`]).action(
    run(late(async () => (await load()).compare)),
  );

  const refer = onFinding(
    subject,
    'refer',
    'ask the originator what he may be told',
    'Asks the originator by a signed statement. With personal data it waits for a second officer: entente draft release. Exit code 1 when the originator cannot be asked.',
  ).option('--reply-by <time>', 'when the question lapses, RFC 3339 (default: what consents usually take)', timeWord);
  withExamples(withNode(refer), [`entente subject refer ${id} ${statement}`]).action(run(late(async () => (await load()).refer)));
}

function addAnswer(subject: Command, run: Run): void {
  const load = () => import('../subject/answer.js');

  const answer = onRequest(
    subject,
    'answer',
    'compose the answer',
    'Composes the answer. The node says what is missing, and finds the words itself where nothing may be revealed. A second person confirms it.',
  )
    .addOption(new Option('--outcome <code>', 'what he is answered').choices(codesOf('subject-outcome')).makeOptionMandatory())
    .addOption(new Option('--ground <code>', 'why: kept, never told').choices(codesOf('refusal')))
    .option('--text-file <file>', 'the words for the person, where something is told')
    .addOption(
      new Option('--tells <digest>', 'a statement of which he is told; may be given several times').argParser(
        (digest: string, before: string[] = []) => [...before, digest],
      ),
    );
  withExamples(withNode(answer), [
    `entente subject answer ${id} --outcome NEITHER_CONFIRM_NOR_DENY --ground RG07`,
    `entente subject answer ${id} --outcome GRANTED --tells ${statement} --text-file letter.txt`,
  ]).action(run(late(async () => (await load()).compose)));

  const confirm = onRequest(
    subject,
    'confirm',
    'confirm the answer of another',
    'Confirms an answer that another person composed: it is given.',
  );
  withExamples(withNode(confirm), [`entente subject confirm ${id}`]).action(run(late(async () => (await load()).confirm)));
}

const onRequest = (subject: Command, name: string, summary: string, description: string): Command =>
  subject.command(name).summary(summary).description(description).argument('<request>', 'id of the request');

const onFinding = (subject: Command, name: string, summary: string, description: string): Command =>
  onRequest(subject, name, summary, description).addArgument(digestArgument('statement', 'the statement that was found'));

function days(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 366) throw new InvalidArgumentError('A whole number from 0 to 366.');
  return number;
}
