/** Everything that each partner got in this run, held against the expectations: its API, its database, its wire. */
import type { Federation, Member } from './federation.js';
import { compareView, type Expectation, type Leak, searchDatabase, searchTraffic } from './leaks.js';
import { type Issued, memberWith, viewOf } from './story.js';

export interface LeakReport {
  leaks: Leak[];
  /** Values that a partner should see and does not. */
  missing: string[];
  /** (statement, partner) pairs that were checked. */
  checked: number;
}

export async function checkLeaks(federation: Federation, issued: Issued[]): Promise<LeakReport> {
  const report: LeakReport = { leaks: [], missing: [], checked: 0 };
  const byPartner = new Map<Member, { expectation: Expectation; from: Member }[]>();
  for (const { digest, from, expectations = [] } of issued) {
    for (const expectation of expectations) {
      const partner = memberWith(federation, expectation.partner);
      const { leaks, missing } = compareView(expectation, await viewOf(partner, digest));
      report.leaks.push(...leaks);
      report.missing.push(...missing.map((pointer) => `${partner.agency.name} does not see ${pointer}`));
      report.checked++;
      byPartner.set(partner, [...(byPartner.get(partner) ?? []), { expectation, from }]);
    }
  }
  for (const [partner, expected] of byPartner) {
    report.leaks.push(
      ...(await searchDatabase(
        expected.map((e) => e.expectation),
        partner.agency.databaseUrl.owner,
      )),
    );
    for (const { expectation, from } of expected)
      report.leaks.push(...searchTraffic(expectation, await from.wire.sentTo(partner.agency.name)));
  }
  report.leaks = [...new Map(report.leaks.map((leak) => [JSON.stringify(leak), leak])).values()];
  return report;
}
