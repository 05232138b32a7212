import { type CodeList, codeList } from '@entente/statement';
import licences from '../../data/licence-documents.json' with { type: 'json' };

/** Licence documents of declarations; dates are `YYYY-MM-DD`, `valid_to` null means in force. */
export interface LicenceList {
  id: string;
  edition: string;
  /** Statuses with which a licence is named only to say that none is needed. */
  waiver_status_codes: string[];
  codes: { code: string; label: { en: string }; source: string; valid_from: string; valid_to: string | null }[];
}

/** What makes a shipment worth a draft. */
export interface DraftRules {
  licences: LicenceList;
  /** Lists of HS subheadings. */
  goodsLists: Pick<CodeList, 'id' | 'title' | 'edition' | 'valid_from' | 'valid_to' | 'codes'>[];
}

/** The licence documents and the Common High Priority List that this version ships. */
export const standardRules: DraftRules = { licences, goodsLists: [codeList('chpl')] };
