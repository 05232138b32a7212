/** The sample alert of the field, dated so that it came into force within the last day, and asking for a check of documents. */
import { readFile } from 'node:fs/promises';
import type { StatementInput } from '@entente/statement';

const sample = new URL('../../../../../packages/statement/test/sample-alert.json', import.meta.url);
/** What asks for the inspection of goods needs a second officer, under every agreement. The bench measures what one post releases. */
const consultation = { code: 'CONSULT_BEFORE_LICENCE', by: 'LIC' };
const DAY_MS = 86_400_000;

/** What is posted, to one addressee. */
export async function sampleAlert(addressee: string, now: number): Promise<{ statement: StatementInput; addressees: string[] }> {
  const statement = JSON.parse(await readFile(sample, 'utf8')) as StatementInput;
  const days = Math.floor((now - Date.parse(statement.valid_from)) / DAY_MS);
  const dated = moved(statement, days * DAY_MS) as StatementInput;
  return {
    statement: { ...dated, body: { ...dated.body, action_requested: [{ code: 'DOCUMENT_CHECK', by: 'CUS' }, consultation] } },
    addressees: [addressee],
  };
}

const dateOrTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/;

/** Every date and time in it moved by the same whole days. */
function moved(value: unknown, by: number): unknown {
  if (Array.isArray(value)) return value.map((item) => moved(item, by));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, moved(inner, by)]));
  if (typeof value !== 'string' || !dateOrTime.test(value)) return value;
  const text = new Date(Date.parse(value) + by).toISOString();
  return value.length === 10 ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}
