/** Implementations over node:crypto of what this package takes as arguments. */
export * from './node/content.js';
export * from './node/keys.js';
