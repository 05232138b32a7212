import { type Command, Option } from 'commander';
import type { Act } from '../command.js';
import { connect } from '../node-connection.js';
import { every, type Page, withPaging } from '../paging.js';
import { type PurposeOptions, purposeHeaders, withPurpose } from '../purpose.js';
import { repeated, repeatedPair } from '../repeated.js';
import { timeWord } from '../word.js';
import { type ListOptions, shown } from './list.js';

export interface SearchOptions extends Omit<ListOptions, 'originator'>, PurposeOptions {
  word?: string[];
  identifier?: [string, string][];
  code?: [string, string][];
  place?: string[];
  originator?: string[];
  state?: 'RELEASED' | 'IN_FORCE' | 'EXPIRED';
  since?: string;
  until?: string;
  valid?: string;
}

export function withSearch(command: Command): Command {
  return withPurpose(withPaging(command))
    .addOption(repeated('--word <words>', 'in names, titles, texts and places; all words of one option must stand in it'))
    .addOption(repeatedPair('--identifier <scheme=value>', 'an identifier, written in any way: container=DEMU1234567'))
    .addOption(repeatedPair('--code <field=code>', 'a code, tariff heading or control entry: control_entry=1C210'))
    .addOption(repeated('--place <place>', 'UN/LOCODE, country, or words of the name'))
    .addOption(repeated('--originator <id>', 'signed by this agency'))
    .addOption(new Option('--own', 'own ones only').conflicts('received'))
    .option('--received', 'received ones only')
    .addOption(new Option('--exercise', 'exercises only').conflicts('real'))
    .option('--real', 'no exercises')
    .addOption(new Option('--state <state>', 'where it stands').choices(['RELEASED', 'IN_FORCE', 'EXPIRED']))
    .option('--since <time>', 'signed then or later (RFC 3339, or a date: 2031-03-01)', timeWord)
    .option('--until <time>', 'signed then or before', timeWord)
    .option('--valid <time>', 'valid at that time', timeWord);
}

/** `entente alert search`: as many pages as it takes to show what was asked for. */
export const searchStatements =
  (kind: string): Act<SearchOptions> =>
  async (options) => {
    const header = purposeHeaders(options);
    const client = await connect(options, 'ANALYST');
    const question = questionOf(kind, options);
    const ask = (query: { limit?: number; after?: string }) =>
      client.POST('/v1/statements/search', { params: { header }, body: { ...question, ...query } as never });
    const page: Page<never> = { items: [] };
    const wanted = options.all ? Number.POSITIVE_INFINITY : (options.limit ?? 50);
    if (options.all) for await (const item of every(ask, options.after)) page.items.push(item as never);
    else await fill(page, wanted, ask, options.after);
    return shown(page, options);
  };

type Ask = (query: { limit: number; after?: string }) => Promise<{ data?: Page<unknown> }>;

/** A page of the API may be short and still have a next one. */
async function fill(page: Page<unknown>, wanted: number, ask: Ask, from: string | undefined): Promise<void> {
  let after = from;
  do {
    const { data } = await ask({ limit: wanted - page.items.length, ...(after !== undefined && { after }) });
    page.items.push(...(data?.items ?? []));
    after = data?.next;
  } while (after !== undefined && page.items.length < wanted);
  if (after !== undefined) page.next = after;
}

function questionOf(kind: string, o: SearchOptions): Record<string, unknown> {
  const time = (text: string) => new Date(text).toISOString();
  const members = {
    kinds: [kind],
    words: o.word,
    identifiers: o.identifier?.map(([scheme, value]) => ({ scheme, value })),
    codes: o.code?.map(([field, code]) => ({ field, code })),
    places: o.place,
    originators: o.originator,
    own: o.own ? true : o.received ? false : undefined,
    exercise: o.exercise ? true : o.real ? false : undefined,
    state: o.state,
    issued: o.since || o.until ? { ...(o.since && { from: time(o.since) }), ...(o.until && { to: time(o.until) }) } : undefined,
    valid_from: o.valid && { to: time(o.valid) },
    valid_until: o.valid && { from: time(o.valid) },
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
