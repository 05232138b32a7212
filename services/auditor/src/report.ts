import type { Reconciliation } from './reconcile.js';
import type { Verification } from './verify.js';

/** A verification for people: one line per log and feed, every finding, the verdict last. */
export function describeVerification(result: Verification): string {
  return [
    `${result.node}`,
    ...result.logs.map(
      ({ log, origin, size, verified }) =>
        `  log ${log} (${origin}): ${size} entries, ${verified ? 'root fits the checkpoint' : 'NOT VERIFIED'}`,
    ),
    ...result.feeds.map(({ peer, direction, last, open, unpaged }) => {
      const rest = [open.length > 0 ? `not arrived: ${open.join(', ')}` : '', unpaged > 0 ? `${unpaged} on no page yet` : ''].filter(
        Boolean,
      );
      return `  feed ${direction} ${peer}: ${last} positions on signed pages${rest.map((text) => `, ${text}`).join('')}`;
    }),
    ...result.findings.map(
      ({ check, object, position, what }) => `  FOUND ${check} ${object}${position === null ? '' : ` at ${position}`}: ${what}`,
    ),
    `${result.verified ? 'verified' : 'NOT VERIFIED'}: ${result.entries} entries, ${result.signatures} signed objects, ${result.findings.length} findings`,
  ].join('\n');
}

/** A reconciliation for people: one line per direction, every difference, the verdict last. */
export function describeReconciliation(result: Reconciliation): string {
  return [
    ...result.directions.flatMap((d) => [
      `${d.from} -> ${d.to}: ${d.released} released, ${d.held} held, ${d.in_flight} in flight, ${d.quarantined} quarantined, ${d.refused} refused, ${d.voided} voided, ${d.missing} missing, ${d.altered} altered`,
      ...d.differences.map(
        ({ standing, release, position, what }) => `  ${standing} ${release}${position === null ? '' : ` at ${position}`}: ${what}`,
      ),
    ]),
    ...result.findings.map(
      ({ check, object, position, what }) => `FOUND ${check} ${object}${position === null ? '' : ` at ${position}`}: ${what}`,
    ),
    result.ok ? 'the two logs agree' : 'THE TWO LOGS DO NOT AGREE',
  ].join('\n');
}
