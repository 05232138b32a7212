/** A holder that passed a statement on passes its originator's recall or correction on too, under the originator's own signature. docs/protocol.md section 11. */
import { Permit } from '@entente/policy';
import type { ReversalRecord } from '@entente/store';
import { address, commitRelease, releaseRow, urgencyOf } from '../addressed.js';
import { decideFor } from '../decide.js';
import { heldTexts } from '../disclosures.js';
import type { IssueDeps } from '../issue.js';
import { nodeActor, nodeEntry } from '../node-actor.js';
import { reopened } from '../reopened.js';
import { releasedTo } from './holders.js';

/** To each that got the target from here and has not been told; again when the rules let it through later. How many have been told by now. */
export async function forward(deps: IssueDeps, { statement, target }: ReversalRecord): Promise<number> {
  const [holders, told, record] = await Promise.all([
    releasedTo(deps.store, target),
    releasedTo(deps.store, statement),
    deps.store.statement(statement),
  ]);
  const untold = holders.filter((holder) => !told.includes(holder) && holder !== record?.iss);
  if (!record || untold.length === 0) return told.length;
  const whole = await reopened(deps.directory, record, await heldTexts(deps, statement));
  const decided = await decideFor(deps, whole.kind, whole.input, untold, { originator: record.iss });
  const permits = decided.flatMap(({ decision }) => (decision instanceof Permit ? [decision] : []));
  if (permits.length === 0) return told.length;
  const issued = { jwt: record.jwt, digest: record.digest, disclosures: whole.disclosures };
  const releases = await Promise.all(permits.map((permit) => address(deps, permit, issued)));
  const about = {
    digest: record.digest,
    kind: record.kind,
    iat: deps.now(),
    urgency: urgencyOf(whole.kind, whole.input),
    by: nodeActor.pseudonym,
  };
  await commitRelease(deps.store, permits, {
    releases: permits.map((permit, i) => releaseRow(permit, releases[i]!, about)),
    access: [nodeEntry('DISCLOSE', { object: record.digest, recipients: permits.map(({ to }) => to), code: 'forwarded' })],
  });
  return told.length + permits.length;
}
