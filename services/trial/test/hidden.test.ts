/** What one partner can learn of how many others got the same: three nodes that differ in nothing but that. */
import { digestOf, signReceipt } from '@entente/seal';
import t from 'tap';
import type { Member } from '../src/federation.js';
import { type Absent, absentPartner } from './absent.js';
import { post, seconds, sighting, startAgencies } from './agencies.js';

// Nothing is cut unless the test asks for it. The partners' nodes do not run: the test asks in their names, with their keys and certificates.
const federation = await startAgencies(
  t,
  ['nl-cus', 'de-lic', 'qm-cus'],
  { checkpoint_interval_seconds: 3600, merge_delay_seconds: 3600 },
  { tapped: false },
);
const [observer, ...others] = (await Promise.all(
  Array.from({ length: 21 }, (_, i) => absentPartner(`https://partner-${String(i).padStart(2, '0')}.example`)),
)) as [Absent, ...Absent[]];
/** To how many others the same goes, at each node. */
const crowds = [0, 1, 20];

/** The size of the log, then. */
async function cut({ api }: Member): Promise<number> {
  const { data } = await api.auditor.POST('/audit/v1/checkpoint', { params: { query: { log: 'exchange' } } });
  return Number(data!.note.split('\n')[1]);
}

/** As its recipient does: fetches what waits, and answers with a receipt. */
async function take(partner: Absent, member: Member): Promise<unknown[]> {
  const poll = (more: object) => partner.ask(member, { path: '/feed/poll', body: { returnImmediately: true, ...more } });
  const offered = await poll({ pages_after: { epoch: 1, position: 0 } });
  const releases = Object.values((offered.json.sets ?? {}) as Record<string, string>);
  const items = releases.map((release) => ({ release: digestOf(release), verdict: 'held' as const }));
  const receipt = await signReceipt({ iss: partner.id, aud: member.agency.id, iat: seconds(), items }, partner.signer('release'));
  return [offered, await poll({ receipts: [receipt.jwt], pages_after: { epoch: 1, position: items.length } })];
}

/** Everything that a partner may ask for, but what it has not signed or been sent. */
async function askedBy(partner: Absent, member: Member): Promise<[path: string, answer: { status: number; text: string }][]> {
  const note = await partner.ask(member, { method: 'GET', path: '/log/checkpoint' });
  const size = Number(note.text.split('\n')[1]);
  const paths = [
    '/log/checkpoint',
    `/log/consistency?from=0&to=${size}`,
    `/log/leaves?size=${size}`,
    '/feed/pages?epoch=1&from=1',
    '/feed/voids?epoch=1&from=1',
    '/held',
    '/held/pages?epoch=1&from=1',
    '/held/receipts?since=0',
    '/held/releases?since=0',
    '/releases/AAAAAAAAAAAAAAAAAAAAAA/attachments/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ];
  const answers: [string, { status: number; text: string }][] = [];
  for (const path of paths) answers.push([path, await partner.ask(member, { method: 'GET', path })]);
  const replayed = await partner.ask(member, { path: '/feed/replay', body: { epoch: 1, after: 0 } });
  const unknown = await partner.ask(member, { path: '/log/compare', body: { of: others[0]!.id } });
  return [...answers, ['/feed/replay', replayed], ['/log/compare', unknown]];
}

t.test(
  'F08 whether nobody else, one or twenty others got the same: one partner gets equally many bytes and equal tree sizes',
  async (t) => {
    const seen = await Promise.all(
      federation.members.map(async (member, i) => {
        for (const partner of others) await partner.befriend(member);
        // Until every place from now on has three digits, those of the observer's first leaves among them.
        while ((await cut(member)) < 128) await post(member, sighting('Before all this.'), [others[19]!.id]);
        await observer.befriend(member);
        const recipients = [observer, ...others.slice(0, crowds[i])];
        // The others come first in the list, and theirs are the first receipts.
        await post(member, sighting('The seals differ.'), recipients.map(({ id }) => id).reverse());
        for (const partner of recipients.slice(1)) await take(partner, member);
        const taken = await take(observer, member);
        await cut(member);
        return [...taken.map((answer, n) => [`/feed/poll ${n}`, answer] as const), ...(await askedBy(observer, member))];
      }),
    );
    const [alone, ...crowded] = seen.map((answers) =>
      answers.map(([path, answer]) => {
        const { status, text } = answer as { status: number; text: string };
        return { path, status, bytes: Buffer.byteLength(text) };
      }),
    );
    for (const answers of crowded) t.same(answers, alone);

    const placesOf = (answers: (typeof seen)[number]) => {
      const { text } = answers.find(([path]) => path.startsWith('/log/leaves'))![1] as { text: string };
      const { items } = JSON.parse(text) as { items: { position: number; leaf: string }[] };
      return items.filter(({ leaf }) => /"op":"(released|receipt_held)"/.test(leaf)).map(({ position }) => position);
    };
    for (const answers of seen) t.equal(placesOf(answers).length, 2, 'it sees its own two leaves');
  },
);
