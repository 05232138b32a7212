import { isCode } from '../code-lists.js';
import { airWaybillDigit, casDigit, containerRemainder, imoDigit, mod97, mrzDigit, postalDigit } from './check-digits.js';

/** NA: the scheme has no check, or not for a value of this form. */
export type Check = 'PASS' | 'FAIL' | 'NA';

/** How one scheme is checked: the form of a value without blanks, then its digits. */
interface Scheme {
  form: RegExp;
  /** NA where the form has no check digit */
  digits?: (value: string) => Check;
  /** a remark on a good value, by key of the text catalogue */
  remark?: (value: string) => string | undefined;
}

const verdict = (good: boolean): Check => (good ? 'PASS' : 'FAIL');
const last = (value: string): number => Number(value.at(-1));

/** One entry per scheme. Forms are anchored and without nesting, so that no input is slow. */
export const schemes = {
  CONTAINER: {
    form: /^[A-Z]{3}[UJZ][0-9]{7}$/,
    digits: (v) => verdict(containerRemainder(v.slice(0, 10)) % 10 === last(v)),
    remark: (v) => (containerRemainder(v.slice(0, 10)) === 10 ? 'check.remainder_ten' : undefined),
  },
  IMO: { form: /^[1-9][0-9]{6}$/, digits: (v) => verdict(imoDigit(v.slice(0, 6)) === last(v)) },
  MMSI: { form: /^[2-7][0-9]{8}$/ },
  AWB: { form: /^[0-9]{3}-?[0-9]{8}$/, digits: (v) => verdict(airWaybillDigit(v.slice(-8, -1)) === last(v)) },
  LEI: { form: /^[A-Z0-9]{18}[0-9]{2}$/, digits: (v) => verdict(mod97(v) === 1) },
  IBAN: { form: /^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/, digits: (v) => verdict(mod97(v.slice(4) + v.slice(0, 4)) === 1) },
  CAS: {
    form: /^[0-9]{2,7}-[0-9]{2}-[0-9]$/,
    digits: (v) => verdict(casDigit(v.slice(0, -1).replace('-', '').replace('-', '')) === last(v)),
  },
  /** The number alone, or as in the machine-readable zone: nine characters, filled with `<`, and the check digit. */
  PASSPORT: { form: /^[A-Z0-9<]{1,10}$/, digits: (v) => (v.length === 10 ? verdict(mrzDigit(v.slice(0, 9)) === last(v)) : 'NA') },
  S10: { form: /^[A-Z]{2}[0-9]{9}[A-Z]{2}$/, digits: (v) => verdict(postalDigit(v.slice(2, 10)) === Number(v[10])) },
  MRN: { form: /^[0-9]{2}[A-Z]{2}[A-Z0-9]{14}$/ },
  EORI: { form: /^[A-Z]{2}[A-Z0-9]{1,15}$/, digits: (v) => (isCode('country', v.slice(0, 2)) ? 'NA' : 'FAIL') },
  VAT: { form: /^[A-Z]{2}[A-Z0-9]{2,12}$/, digits: (v) => (v.startsWith('EL') || isCode('country', v.slice(0, 2)) ? 'NA' : 'FAIL') },
  DUNS: { form: /^[0-9]{9}$/ },
  IMO_COMPANY: { form: /^[0-9]{7}$/ },
  BIC: { form: /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/ },
  SCAC: { form: /^[A-Z]{2,4}$/ },
} satisfies Record<string, Scheme>;

export type SchemeId = keyof typeof schemes;

/** Blanks and case are how people write, not part of the identifier. */
export const compact = (value: string): string => value.normalize('NFKC').replace(/\s/gu, '').toUpperCase();

/** Checks one identifier. `note` is a key of the text catalogue. An unknown scheme, or one without form, is NA. */
export function checkIdentifier(scheme: string, value: string): { check: Check; note?: string } {
  if (!Object.hasOwn(schemes, scheme)) return { check: 'NA' };
  const { form, digits, remark }: Scheme = schemes[scheme as SchemeId];
  const written = compact(value);
  if (!form.test(written)) return { check: 'FAIL', note: 'check.form' };
  const check = digits?.(written) ?? 'NA';
  const note = check === 'FAIL' ? 'check.digit' : remark?.(written);
  return { check, ...(note ? { note } : {}) };
}
