import type { StatementInput } from '@entente/statement';
import type { Shipment } from '../shipment/shipment.js';
import { compact } from '../wco/compact.js';
import { documentElements } from './documents.js';
import { goodsElement } from './goods.js';
import { type Ground, groundsOf } from './grounds.js';
import { narrativeLanguage, narrativeOf, titleOf } from './narrative.js';
import { partyElements } from './parties.js';
import { routeElements } from './route.js';
import type { DraftRules } from './rules.js';
import { transportElements } from './transport.js';

/** What an officer completes: kind, language and body; everything else, and what only he can judge, is absent. */
export type AlertDraft = Pick<StatementInput, 'kind' | 'lang'> & { body: Partial<StatementInput['body']> };

export type DraftOutcome = { draft: AlertDraft; grounds: Ground[] } | { draft: undefined; reason: string };

const most = { goods: 200, parties: 100 } as const;

/**
 * A draft alert of kind SHIPMENT for a shipment that names an export licence or holds listed goods; a reason in words for any other. The draft says what
 * the declaration says. Suspicions, grading, offence, legal basis, urgency, validity and handling stay absent: a licence is not a suspicion.
 * @param now seconds since 1970: the day of the lists, and of a declaration that does not date itself
 * @param lang language of title and narrative; English where there are no texts for it
 */
export function draftAlert(shipment: Shipment, rules: DraftRules, { now, lang }: { now: number; lang: string }): DraftOutcome {
  if (shipment.state === 'cancelled') return { draft: undefined, reason: 'the declaration was cancelled' };
  const today = new Date(now * 1000).toISOString().slice(0, 10);
  const day = shipment.issued?.slice(0, 10) ?? today;
  const grounds = groundsOf(shipment, rules, { declared: day, screened: today });
  if (grounds.length === 0) return { draft: undefined, reason: 'no export-licence document and no goods of a control list' };
  const goods = linesOfInterest(shipment, grounds);
  const language = narrativeLanguage(lang);
  const body = compact({
    alert_kind: 'SHIPMENT',
    title: titleOf(shipment, grounds, language),
    narrative: narrativeOf(shipment, grounds, language, shipment.goods.length - goods.length),
    // Descriptions are the declarant's words: what they name is not known to be free of businesses.
    narrative_class: 'N1',
    goods: goods.map((line, index) => goodsElement(line, index, day)),
    parties: present(partyElements(shipment).slice(0, most.parties)),
    transport: present(transportElements(shipment)),
    route: present(routeElements(shipment)),
    documents: present(documentElements(shipment, grounds)),
    action_requested: [{ code: 'INFORM' }, { code: 'DOCUMENT_CHECK' }],
  });
  return { draft: { kind: 'alert', lang: language, body: body as AlertDraft['body'] }, grounds };
}

/** All lines, or, of a declaration with more than an alert holds, those with a ground first. */
function linesOfInterest(shipment: Shipment, grounds: readonly Ground[]) {
  const marked = new Set(grounds.map((ground) => ground.lineNo));
  const rank = (lineNo: number) => (marked.has(lineNo) ? 0 : 1);
  if (shipment.goods.length <= most.goods) return shipment.goods;
  return [...shipment.goods].sort((a, b) => rank(a.line_no) - rank(b.line_no)).slice(0, most.goods);
}

function present<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
