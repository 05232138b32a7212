// How things stand in the page.
import * as seal from '@entente/seal';

/** One kind of place in the page: how a thing is shown. Lines are broken for the eye. */
export const fenced = (text) => `\`\`\`\n${text.replace(/\n$/, '')}\n\`\`\``;
/** Members that hold a token of their own. */
const tokens = new Set(['statement', 'consent', 'issuer']);
export const json = (value) => `\`\`\`json\n${JSON.stringify(value, (name, one) => (tokens.has(name) ? short(one) : one), 2)}\n\`\`\``;
export const wrapped = (text) => fenced(text.match(/.{1,110}/g).join('\n'));
export const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
export const code = (text) => `\`${text}\``;
const payloadOf = (jws) => seal.splitCompact(jws).payload();

/** A signed object: what it says, and its bytes. A token inside a token is cut in the first, which is for reading. */
export const shown = (what, jws) =>
  [`${what}, its payload:`, json(payloadOf(jws)), 'The same as it is signed and sent:', wrapped(jws)].join('\n\n');
export const short = (text) => `${text.slice(0, 24)}...`;

/** A statement with all its disclosures, each as JSON and as the text that is hashed and sent. */
export function shownStatement(what, { jwt, digest, disclosures }) {
  const texts = disclosures.map(({ text }) => `${Buffer.from(text, 'base64url')}\n${text.match(/.{1,110}/g).join('\n')}\n`);
  return [shown(what, jwt), `Its digest: ${code(digest)}. Its disclosures:`, fenced(texts.join('\n'))].join('\n\n');
}
