export { type InteropCode, InteropError } from './error.js';
export type * from './wco/consignment.js';
export type * from './wco/declaration.js';
export { decodeXml } from './wco/decode.js';
export { readDeclaration } from './wco/read.js';
export type { Money, Quantity } from './wco/value.js';
