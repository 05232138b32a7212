/** What this node holds is searched for a person: by the keyed tokens of his names and numbers, for the purpose that the officer names. */
import type { StatementRecord, Store } from '@entente/store';
import { accessEntry } from '../../agency/access.js';
import type { Actor } from '../../agency/acts.js';
import { termReader } from '../../agency/search-terms.js';
import type { SubjectActs } from '../../agency/subject-acts.js';
import type { ContentKeys } from '../../content-keys.js';
import { Problem } from '../../problem.js';
import { openFile, subjectRef } from './file.js';
import { openRequest, takenBack, written } from './register.js';

export interface SearchDeps {
  store: Pick<Store, 'subjectRequest' | 'search' | 'commit'>;
  content: ContentKeys;
  now: () => number;
}

/** Nobody compares more by hand; who is found so often is named more narrowly. */
const MOST = 1_000;

export function createSubjectSearch(deps: SearchDeps): SubjectActs['search'] {
  const { store, content, now } = deps;
  const terms = termReader(content);

  /** Any of his names, any of his numbers. */
  async function found(file: ReturnType<typeof openFile>, by: Actor): Promise<StatementRecord[]> {
    const { names, identifiers = [] } = file.subject;
    const entries = terms.entries({ words: names, identifiers });
    const condition = [...entries.words, ...entries.identifiers].map((entry) => entry.map((part) => part.map(({ token }) => token)));
    const all: StatementRecord[] = [];
    for (let after: string | undefined; ; ) {
      const question = { conditions: [condition], purpose: by.purpose!, reader: by.pseudonym, now: now(), limit: MOST };
      const { items, next } = await store.search({ ...question, ...(after !== undefined && { after }) });
      all.push(...items);
      if (all.length > MOST) throw new Problem('conflict', `more than ${MOST} statements hold these names: name him more narrowly`);
      if (next === undefined) return all;
      after = next;
    }
  }

  return async ({ id, by }) => {
    const record = await openRequest(store, id);
    if (record.identity !== 'CHECKED') throw new Problem('conflict', 'nobody is searched for before his identity is checked');
    const statements = await found(openFile(content, record), by);
    await store.commit({
      subjectRequests: [written(record, { ...takenBack, searchedAt: now() })],
      subjectFindings: statements.map(({ digest }) => ({ request: id, statement: digest, foundBy: by.pseudonym })),
      access: [accessEntry(by, 'SEARCH', { object: subjectRef(id) })],
    });
    return statements.length;
  };
}
