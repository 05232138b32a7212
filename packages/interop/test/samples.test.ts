import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kindOf, validateDraft } from '@entente/statement';
import t from 'tap';
import {
  applyAmendment,
  cancelShipment,
  type Declaration,
  decodeXml,
  draftAlert,
  InteropError,
  isAbout,
  readDeclaration,
  type Shipment,
  shipmentOf,
  standardRules,
} from '../src/index.js';

/** The published sample messages of HMRC's Customs Declaration Service, where a folder `shared/data` stands beside the project. */
const folder = findSamples(import.meta.dirname);

t.test('published messages', { skip: folder === undefined ? 'shared/data/customs-messages is not here' : false }, async (t) => {
  const files = readdirSync(folder ?? '', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.xml'));
  const read = new Map<string, Declaration>();
  const refused = new Map<string, InteropError>();
  for (const file of files) {
    try {
      read.set(file, readDeclaration(decodeXml(readFileSync(join(folder ?? '', file)))));
    } catch (error) {
      if (!(error instanceof InteropError)) throw error;
      refused.set(file, error);
    }
  }
  const shipments = new Map(
    [...read].filter(([, d]) => d.function === 'new').map(([file, d]): [string, Shipment] => [file, shipmentOf(d)]),
  );
  const named = (part: string) => [...shipments].find(([file]) => file.includes(part))?.[1] as Shipment;

  t.test('each is read, or refused with a code and a place', async (t) => {
    t.equal(read.size + refused.size, files.length);
    t.ok(read.size >= 66);
    for (const error of refused.values()) t.match(error, { code: 'not_well_formed', line: /[1-9]/, message: /malformed comment/ });
    t.ok([...shipments.values()].every((s) => s.goods.length > 0 && s.parties.length > 0));
    t.match(new Set([...shipments.values()].map((s) => s.direction)), new Set(['export', 'import']));
  });

  t.test('each amendment and cancellation names one shipment and changes it', async (t) => {
    const later = [...read.values()].filter((declaration) => declaration.function !== 'new');
    t.equal(later.length, 3);
    for (const declaration of later) {
      const [target, ...others] = [...shipments.values()].filter((shipment) => isAbout(declaration, shipment));
      t.equal(others.length, 0);
      const after = declaration.function === 'amend' ? applyAmendment(target!, declaration) : cancelShipment(target!, declaration);
      t.match(after, { state: declaration.function === 'amend' ? 'amended' : 'cancelled', mrn: declaration.mrn });
      if (declaration.function === 'amend') t.equal(after.goods[0]?.documents[0]?.status, 'EP');
    }
  });

  t.test('those with an export licence become drafts, an innocent export does not', async (t) => {
    const outcome = (part: string) => draftAlert(named(part), standardRules, { now: 1_770_000_000, lang: 'en' });
    for (const part of ['EX004a', 'EX009a', 'EX010a', 'EX013b', 'EX028a', 'EX038a']) {
      const { draft } = outcome(part);
      t.same(
        validateDraft(kindOf('alert', '1.0')!, draft).filter((finding) => finding.level === 'reject'),
        [],
        part,
      );
    }
    for (const part of ['EX034a', 'EX001a', 'IM001d', 'FI001a']) t.match(outcome(part), { draft: undefined, reason: String }, part);
  });
});

function findSamples(from: string): string | undefined {
  const candidate = join(from, 'shared', 'data', 'customs-messages');
  if (existsSync(candidate)) return candidate;
  return dirname(from) === from ? undefined : findSamples(dirname(from));
}
