import type { SubjectAnswer } from '../answers.js';
import type { Act } from '../command.js';
import { readText } from '../files.js';
import { type ConnectionOptions, connect } from '../node-connection.js';
import { wholeStatement } from '../statement/show.js';

interface AnswerOptions extends ConnectionOptions {
  outcome: SubjectAnswer['outcome'];
  ground?: string;
  textFile?: string;
  tells?: string[];
}

/** `entente subject answer REQUEST`. */
export const compose: Act<AnswerOptions> = async ({ outcome, ground, textFile, tells = [], ...options }, [id = '']) => {
  const client = await connect(options, 'DPO');
  const text = textFile === undefined ? undefined : (await readText(textFile, 'letter')).trim();
  const discloses = await Promise.all(tells.map((word) => wholeStatement(client, word)));
  const body = { outcome, discloses, ...(ground !== undefined && { ground }), ...(text !== undefined && { text }) };
  await client.PUT('/v1/subject-requests/{id}/answer', { params: { path: { id } }, body });
  return { result: { id, outcome }, words: [`Waits for a second person: entente subject confirm ${id}`] };
};

/** `entente subject confirm REQUEST`. */
export const confirm: Act<ConnectionOptions> = async (options, [id = '']) => {
  const client = await connect(options, 'HEAD');
  await client.POST('/v1/subject-requests/{id}/answer/confirmation', { params: { path: { id } } });
  return { result: { id, state: 'answered' }, words: [`${id} is answered.`] };
};
