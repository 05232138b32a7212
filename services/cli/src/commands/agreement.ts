import type { Register } from '../command.js';
export const registerAgreement: Register = () => {};
