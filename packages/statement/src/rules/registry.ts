import { outsideHasConsented } from './oc06-external-originator.js';
import { idsDiffer, referencesResolve } from './references.js';
import { relationsFitKind } from './relations.js';
import type { Rule } from './rule.js';
import { legalBasisCovers } from './v03-legal-basis.js';
import { personalDataIsJustified } from './v05-personal-data.js';
import { noSpecialCategories } from './v06-special-categories.js';
import { patternsNameNobody } from './v07-non-nominal.js';
import { validityEnds } from './v08-validity.js';
import { gradingStands } from './v09-grading.js';
import { checkDigits } from './v11-check-digits.js';
import { goodsCohere } from './v12-goods.js';
import { placesCohere } from './v14-places.js';
import { noNamesInFreeText } from './v15-names-in-free-text.js';
import { doNotActMeansAsk } from './v16-do-not-act.js';
import { destinationsApart } from './v17-destinations.js';

/** The rules that no schema can say, in the order of their numbers. */
export const rules: readonly Rule[] = [
  legalBasisCovers,
  personalDataIsJustified,
  noSpecialCategories,
  patternsNameNobody,
  validityEnds,
  gradingStands,
  checkDigits,
  goodsCohere,
  placesCohere,
  noNamesInFreeText,
  doNotActMeansAsk,
  destinationsApart,
  outsideHasConsented,
  idsDiffer,
  referencesResolve,
  relationsFitKind,
];
