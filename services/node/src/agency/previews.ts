/** What partners would see of a statement that is kept nowhere: an officer tries what he means to write. */
import type { Store } from '@entente/store';
import { Type } from 'typebox';
import { responses } from '../http/describe.js';
import type { App } from '../http/listener.js';
import { statedPurposeHeaders } from '../purpose.js';
import { accessEntry } from './access.js';
import type { DraftInput, IssueActs } from './acts.js';
import { preview } from './draft-shapes.js';
import { addressees, closed, draftInput, readers, readersOf } from './shapes.js';

export function previewRoutes(app: App, deps: { store: Pick<Store, 'commit'>; issue: Pick<IssueActs, 'preview'> }): void {
  app.post(
    '/v1/previews',
    {
      config: { permission: 'draft.write' },
      schema: {
        operationId: 'previewStatement',
        summary: 'What partners would see of a statement',
        description:
          'Every part, released or withheld, with the rule and the reason in words: for the partners that are named, else for every active one. It need not be complete: of the envelope only times, handling and `exercise` must be there. Nothing is stored or signed.',
        tags: ['Statements'],
        headers: Type.Object(statedPurposeHeaders),
        body: Type.Object({ statement: draftInput, addressees: Type.Optional(addressees), readers }, closed),
        response: responses(
          { 200: Type.Object({ items: Type.Array(preview) }, { description: 'One entry per partner.' }) },
          { body: true, codes: ['unknown_kind', 'invalid_statement'] },
        ),
      },
    },
    async (request) => {
      const { statement, addressees = [] } = request.body;
      const items = await deps.issue.preview({ input: statement as unknown as DraftInput, addressees, ...readersOf(request.body) });
      await deps.store.commit({
        access: [accessEntry(request.actor, 'CONSULT', { object: `preview of a statement of kind ${statement.kind}` })],
      });
      return { items: items as never };
    },
  );
}
