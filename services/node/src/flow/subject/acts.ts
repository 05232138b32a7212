import type { SubjectActs } from '../../agency/subject-acts.js';
import { createReferral, type ReferDeps } from './refer.js';
import { createRegister, type RegisterDeps } from './register.js';
import { createSubjectSearch, type SearchDeps } from './search.js';

/** Persons who ask what is held about them: docs/officers.md. */
export const createSubjectActs = (deps: RegisterDeps & SearchDeps & ReferDeps): SubjectActs => ({
  ...createRegister(deps),
  search: createSubjectSearch(deps),
  refer: createReferral(deps),
});
