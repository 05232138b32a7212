/** How agencies come to an agreement: one proposes it, each other countersigns, and every signature reaches every party by itself. */
import type { Member } from './federation.js';
import { until } from './until.js';

/** Payload as in docs/protocol.md section 8. */
export type AgreementPayload = Record<string, unknown> & { parties: string[] };

export type AgreementStep = 'propose' | 'countersign' | 'suspend' | 'resume' | 'denounce';

/** An act of the agency's administrator. */
export const takeStep = ({ api }: Member, digest: string, step: AgreementStep) =>
  api.administrator.POST('/v1/agreements/{digest}/steps', { params: { path: { digest } }, body: { step } });

/** The digest of what was proposed; nobody else has said anything yet. */
export async function propose(proposer: Member, payload: AgreementPayload): Promise<string> {
  const { data } = await proposer.api.administrator.POST('/v1/agreements/drafts', { body: { agreement: payload } });
  await takeStep(proposer, data!.digest, 'propose');
  return data!.digest;
}

export async function heldAgreement({ api }: Member, digest: string) {
  return (await api.agreements()).find((held) => held.digest === digest);
}

/** Waits until it has come, then signs it. */
export async function countersign(member: Member, digest: string): Promise<void> {
  await until(`the proposal at ${member.agency.name}`, () => heldAgreement(member, digest));
  await takeStep(member, digest, 'countersign');
}

/** Waits until the member holds the signatures of all of them. */
export async function signedBy(member: Member, digest: string, parties: string[]): Promise<void> {
  await until(`all signatures at ${member.agency.name}`, async () => {
    const held = await heldAgreement(member, digest);
    return parties.every((party) => held?.signed_by.includes(party)) ? true : undefined;
  });
}

/** From the proposal of the first party to the last signature at everybody; false when that was done in an earlier run. */
export async function agree(
  members: Member[],
  payload: AgreementPayload,
  tell: (done: 'proposed' | 'countersigned', by: Member) => void = () => undefined,
): Promise<boolean> {
  const parties = payload.parties.map((id) => memberNamed(members, id));
  const held = await Promise.all(parties.map(({ api }) => api.agreements()));
  const isWhole = (a: { id: string; version: number; signed_by: string[] }) =>
    a.id === payload.id && a.version === payload.version && a.signed_by.length === parties.length;
  if (held.every((list) => list.some(isWhole))) return false;
  const [proposer, ...others] = parties as [Member, ...Member[]];
  const digest = await propose(proposer, payload);
  tell('proposed', proposer);
  for (const other of others) {
    await countersign(other, digest);
    tell('countersigned', other);
  }
  await Promise.all(parties.map((party) => signedBy(party, digest, payload.parties)));
  return true;
}

function memberNamed(members: Member[], id: string): Member {
  const found = members.find(({ agency }) => agency.id === id);
  if (!found) throw new Error(`${id} takes no part in this trial`);
  return found;
}
