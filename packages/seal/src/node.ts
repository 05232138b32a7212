/** Implementations over node:crypto of what this package takes as arguments. */
export * from './node/chunks.js';
export { kekOf, keyedDigest, openContent, rewrapContent, sealContent, searchToken } from './node/content.js';
export * from './node/keys.js';
