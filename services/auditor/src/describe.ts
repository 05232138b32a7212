import type { Finding } from './finding.js';
import type { ProofResult } from './proof/verify-proof.js';
import type { Reconciliation } from './reconcile.js';
import type { Verification } from './verify.js';

/** A verification for people: one line per log and feed, every finding, the verdict last. */
export function describeVerification(result: Verification): string {
  return [
    `${result.node}`,
    ...result.logs.map(
      ({ log, origin, size, verified, checkpoints, cosigned }) =>
        `  log ${log} (${origin}): ${size} entries, ${verified ? `fits all ${checkpoints} checkpoints, ${cosigned.checkpoints} of them cosigned` : 'NOT VERIFIED'}`,
    ),
    ...result.feeds.map(({ peer, direction, epoch, last, open, moved, unpaged }) => {
      const again = moved.map(({ position, to }) => `${position} to ${to.position} of epoch ${to.epoch}`).join(', ');
      const rest = [
        open.length > 0 ? `not arrived: ${open.join(', ')}` : '',
        again && `moved: ${again}`,
        unpaged > 0 ? `${unpaged} on no page yet` : '',
      ].filter(Boolean);
      return `  feed ${direction} ${peer}${epoch === 1 ? '' : ` in epoch ${epoch}`}: ${last} positions on signed pages${rest.map((text) => `, ${text}`).join('')}`;
    }),
    ...result.findings.map((finding) => `  ${found(finding)}`),
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
    ...result.findings.map(found),
    result.ok ? 'the two logs agree' : 'THE TWO LOGS DO NOT AGREE',
  ].join('\n');
}

/** A proof file for people: who signed what, who got it, what the log says, the verdict last. */
export function describeProof(result: ProofResult): string {
  const { checkpoints, originator, kind, statement } = result;
  const shown = Object.keys(result.body);
  return [
    `statement ${statement}: ${kind ?? 'unknown kind'} signed by ${originator ?? 'nobody known'}`,
    shown.length > 0 ? `  shows ${shown.join(', ')}` : '  shows nothing of its content',
    ...result.releases.map(
      ({ direction, peer, state, at, receipt }) =>
        `  ${direction === 'out' ? 'released to' : 'received from'} ${peer}${at === null ? '' : ` at ${at}`}: ${state}, ${receipt ? 'with receipt' : 'without receipt'}`,
    ),
    checkpoints.length === 0 ? '  under no checkpoint' : '',
    ...checkpoints.map(
      ({ origin, size, cosigned_by }) =>
        `  under the checkpoint of ${origin} at ${size} entries, cosigned by ${cosigned_by.join(', ') || 'nobody'}`,
    ),
    ...result.findings.map((finding) => `  ${found(finding)}`),
    result.holds ? 'everything in the file holds' : 'THE FILE DOES NOT HOLD',
  ]
    .filter(Boolean)
    .join('\n');
}

const found = ({ check, object, position, what }: Finding): string =>
  `FOUND ${check} ${object}${position === null ? '' : ` at ${position}`}: ${what}`;
