import type pg from 'pg';
import type { Act } from '../../act.js';
import { inserter } from '../../database/rows.js';
import { attachment, attachmentUse } from '../../tables/attachment.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertAttachments = inserter(attachment, 'ON CONFLICT (name) DO NOTHING');
const insertUses = inserter(attachmentUse, 'ON CONFLICT (ref, name) DO NOTHING');

/** What contents name; the bytes come apart, before or after. */
class AttachmentWriter implements Writer<Act> {
  readonly #attachments = new Map<string, typeof attachment.$inferInsert>();
  readonly #uses: (typeof attachmentUse.$inferInsert)[] = [];

  add(act: Act, plan: Plan): void {
    for (const { ref, name, bytes, key } of act.attachmentUses ?? []) {
      this.#uses.push({ ref, name, bytes });
      const row = { name, state: 'partial' as const, bytes: 0, ...key, createdAt: plan.at };
      this.#attachments.set(Buffer.from(name).toString('latin1'), row);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertAttachments([...this.#attachments.values()]);
    yield* insertUses(this.#uses);
  }
}

export const attachments: Group<Act> = {
  uses: (act) => act.attachmentUses !== undefined,
  open: async () => () => new AttachmentWriter(),
};
