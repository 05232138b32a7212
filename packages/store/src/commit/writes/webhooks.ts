import type pg from 'pg';
import type { Act, WebhookWrite } from '../../act.js';
import { inserter, updater } from '../../database/rows.js';
import { StoreError } from '../../error.js';
import { webhook } from '../../tables/subscription.js';
import type { Group, Plan, Writer } from '../plan.js';

const insertWebhooks = inserter(webhook);
const updateSettings = updater(webhook, ['id'], ['url', 'events', 'state', 'updatedAt']);
const removeSecret = updater(webhook, ['id'], ['ciphertext', 'wrappedKey', 'kekId']);
/** Somebody looked after it: the time until it is given up begins anew. */
const forgetFailures = updater(webhook, ['id'], ['attempts', 'failingSince', 'failure']);

/** Begins with what happens after it: nothing of before is told. */
class WebhookWriter implements Writer<Act> {
  readonly #new: (typeof webhook.$inferInsert)[] = [];
  readonly #changes: (WebhookWrite & { updatedAt: number })[] = [];

  constructor(readonly living: Set<string>) {}

  add(act: Act, plan: Plan): void {
    for (const write of act.webhooks ?? []) {
      const { sealed, ...rest } = write;
      if (sealed) this.#new.push({ ...rest, ...sealed, ...beginning(plan) });
      else if (this.living.has(write.id)) this.#changes.push({ ...write, updatedAt: plan.at });
      else throw new StoreError('unknown_reference', `there is no webhook ${write.id}`);
      if (write.state === 'removed') this.living.delete(write.id);
      plan.notify('webhook', write.id);
    }
  }

  *queries(): Iterable<pg.QueryConfig> {
    yield* insertWebhooks(this.#new);
    yield* updateSettings(this.#changes);
    yield* forgetFailures(this.#changes.map(({ id }) => ({ id, attempts: 0, failingSince: null, failure: null })));
    const removed = this.#changes.filter(({ state }) => state === 'removed');
    yield* removeSecret(removed.map(({ id }) => ({ id, ciphertext: null, wrappedKey: null, kekId: null })));
  }
}

function beginning(plan: Plan) {
  const position = plan.nextRecord();
  return { position, afterRecord: position, afterItem: 0, attempts: 0, createdAt: plan.at, updatedAt: plan.at };
}

export const webhooks: Group<Act> = {
  uses: (act) => act.webhooks !== undefined,
  open: async (client, acts) => {
    const ids = acts.flatMap((act) => act.webhooks ?? []).map((write) => write.id);
    const text = `SELECT id FROM webhook WHERE id = ANY ($1) AND state <> 'removed'`;
    const { rows } = await client.query<{ id: string }>({ name: 'living webhooks', text, values: [ids] });
    return () => new WebhookWriter(new Set(rows.map(({ id }) => id)));
  },
};
