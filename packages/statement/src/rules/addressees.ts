import { type Finding, finding } from '../validation/finding.js';

/**
 * V01: somebody is addressed, each is a known and active partner, nobody twice, and not the originator himself. Addressees are entity
 * ids and no part of the statement; an empty list is never everybody.
 */
export function checkAddressees(addressees: readonly string[], originator: string, isActive: (node: string) => boolean): Finding[] {
  if (addressees.length === 0) return [finding('V01', 'reject', '/addressees', 'empty')];
  return addressees.flatMap((node, i) => {
    const at = `/addressees/${i}`;
    if (node === originator) return [finding('V01', 'reject', at, 'self')];
    if (addressees.indexOf(node) !== i) return [finding('V01', 'reject', at, 'twice')];
    return isActive(node) ? [] : [finding('V01', 'reject', at, 'unknown')];
  });
}

/** V02: four eyes. Who wrote it does not release it; both are known by pseudonym. */
export function checkAuthor(author: string, releaser: string): Finding[] {
  if (author === '' || releaser === '') return [finding('V02', 'reject', '/releaser', 'nobody')];
  return author === releaser ? [finding('V02', 'reject', '/releaser', 'same')] : [];
}
