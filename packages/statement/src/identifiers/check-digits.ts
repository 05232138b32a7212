/** The arithmetic of check digits. Each takes a value whose form is right. */

/** A=10 ... Z=38 without the multiples of 11, ISO 6346 annex A. */
const containerValues = (() => {
  const values = new Map<string, number>();
  let value = 10;
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
    if (value % 11 === 0) value += 1;
    values.set(letter, value++);
  }
  return values;
})();

const sum = (characters: string, term: (character: string, position: number) => number): number =>
  [...characters].reduce((total, character, position) => total + term(character, position), 0);
/** 0-9 as themselves, A-Z as 10-35. */
const base36 = (character: string): number => Number.parseInt(character, 36);

/** Remainder of the first ten characters, 0 to 10; ten counts as 0 and such serials are not recommended. ISO 6346 annex A. */
export const containerRemainder = (first10: string): number => sum(first10, (c, i) => (containerValues.get(c) ?? Number(c)) * 2 ** i) % 11;

/** Seventh digit of an IMO ship number, resolution A.1117(30). */
export const imoDigit = (first6: string): number => sum(first6, (c, i) => Number(c) * (7 - i)) % 10;

/** Last digit of an air waybill from its seven-digit serial, IATA resolution 600a. */
export const airWaybillDigit = (serial7: string): number => Number(serial7) % 7;

/** ISO 7064 MOD 97-10 over digits and letters: 1 for a good LEI, and for an IBAN with its first four characters moved to the end. */
export const mod97 = (value: string): number => [...value].reduce((rest, c) => (rest * (base36(c) > 9 ? 100 : 10) + base36(c)) % 97, 0);

/** Last digit of a CAS registry number from the digits before it. */
export const casDigit = (digits: string): number => sum([...digits].reverse().join(''), (c, i) => (i + 1) * Number(c)) % 10;

/** Check digit over a field of a machine-readable zone, ICAO Doc 9303-3 section 4.9. */
export const mrzDigit = (field: string): number => sum(field, (c, i) => (c === '<' ? 0 : base36(c)) * [7, 3, 1][i % 3]!) % 10;

/** Ninth digit of a postal item, UPU S10. */
export function postalDigit(first8: string): number {
  const rest = 11 - (sum(first8, (c, i) => Number(c) * [8, 6, 4, 2, 3, 5, 9, 7][i]!) % 11);
  return rest === 10 ? 0 : rest === 11 ? 5 : rest;
}
