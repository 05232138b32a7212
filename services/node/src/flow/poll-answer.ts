/** A peer's answer to a poll, attacker-controlled: only its form is judged here. Every release in it is judged by itself. */
import { Ajv } from 'ajv';
import { type PollAnswer, pollAnswer } from './poll.js';

const fits = new Ajv({ strict: true, coerceTypes: false, useDefaults: false, removeAdditional: false }).compile<PollAnswer>(pollAnswer);

export class AnswerMalformed extends Error {
  constructor(place: string) {
    super(`the answer to a poll has not the form of RFC 8936 at ${place}`);
  }
}

export function readAnswer(answer: unknown): PollAnswer {
  if (!fits(answer)) throw new AnswerMalformed(fits.errors?.[0]?.instancePath || '/');
  return answer;
}
