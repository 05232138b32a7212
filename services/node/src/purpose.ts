/** Why somebody reads: every read of content names a purpose and says in words what for. Both go into the access log. */
import { codeList } from '@entente/statement';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from './agency/acts.js';
import { Problem } from './problem.js';

const JUSTIFICATION = { least: 10, most: 500 };

/** The two headers as the routes describe them. */
export const purposeHeaders = {
  'entente-purpose': Type.String({
    description: 'Purpose of this read, a code of the list `purpose`. It must be one for which the information was given.',
    examples: ['CUSTOMS_CONTROL'],
  }),
  'entente-justification': Type.String({
    description:
      'Why it is needed, in 10 to 500 characters; kept in the access log. Characters outside ASCII are sent as percent-encoded UTF-8.',
    examples: ['Screening of the manifest of MV EXAMPLE, case 2031-17'],
  }),
};

/** The same on an act: kept in the access log where they are sent. */
export const statedPurposeHeaders = {
  'entente-purpose': Type.Optional(purposeHeaders['entente-purpose']),
  'entente-justification': Type.Optional(purposeHeaders['entente-justification']),
};

/** Reads the headers where they are sent, and asks for them where `required`. */
export function purposeOf(request: FastifyRequest, required: boolean): Pick<Actor, 'purpose' | 'justification'> {
  const purpose = request.headers['entente-purpose'];
  const justification = request.headers['entente-justification'];
  if (purpose === undefined && justification === undefined && !required) return {};
  if (typeof purpose !== 'string' || typeof justification !== 'string') {
    throw new Problem('purpose_missing', 'say why: send the headers entente-purpose and entente-justification');
  }
  if (!isPurpose(purpose)) throw new Problem('unknown_purpose', 'entente-purpose is no code of the list `purpose`');
  return { purpose, justification: words(justification) };
}

const isPurpose = (code: string): boolean => codeList('purpose').codes.some((entry) => entry.code === code);

function words(header: string): string {
  const text = decode(header).trim();
  if (text.length < JUSTIFICATION.least || text.length > JUSTIFICATION.most || /\p{Cc}/u.test(text)) {
    throw new Problem(
      'purpose_missing',
      `entente-justification should have ${JUSTIFICATION.least} to ${JUSTIFICATION.most} characters on one line`,
    );
  }
  return text;
}

function decode(header: string): string {
  if (!/^[\x20-\x7e]*$/.test(header))
    throw new Problem('bad_encoding', 'send what is outside ASCII in entente-justification as percent-encoded UTF-8');
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}

/** Throws unless the purpose of the read is one of those for which the information was given. */
export function requirePurpose(by: Actor, given: readonly string[]): void {
  if (by.purpose === undefined || !given.includes(by.purpose)) {
    throw new Problem('purpose_not_allowed', `this was given for ${given.join(', ') || 'no purpose'} and not for ${by.purpose ?? 'none'}`);
  }
}
